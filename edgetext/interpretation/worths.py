"""How much of a goal a model says of variants of a text, many at once where it can."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from edgetext.predictor import Predictor
from edgetext.targets import catalog
from edgetext.tasks.explaining import LABEL, Goal
from edgetext.tasks.prediction import Prediction

Texts = tuple[bytes, ...]
Worths = Callable[[Sequence[Texts]], list[float]]
# Variants that a checkpoint's network reads in one batch.
TOGETHER = 64


def worths_of(predictor: Predictor, variants: Sequence[Texts], goal: Goal) -> list[float]:
    """Tell how much of the goal is said of each of some texts, or pairs, asked as users ask."""
    answers = predictor.predict_many(variants)
    return [predictor.task.worth(answer, goal) for answer in answers]


def asker(predictor: Predictor, goal: Goal) -> Worths:
    """Give what tells how much of the goal is said of variants, the fastest way that there is."""
    if scores_in_batches(predictor, goal):
        return partial(_by_scores, predictor, goal)
    together = answered(predictor)
    if together is None or len(predictor.task.inputs) > 1:
        return lambda variants: worths_of(predictor, variants, goal)
    return lambda variants: [
        predictor.task.worth(answer, goal) for answer in together([text for (text,) in variants])
    ]


def answered(predictor: Predictor) -> Callable[[Sequence[bytes]], Sequence[Prediction]] | None:
    """Give what answers texts as rows of one batch, as a checkpoint or a batch file can; None where
    the file cannot."""
    together = catalog.owner(predictor.path.suffix).batch(predictor.path, predictor.session)
    if together is None:
        return None
    return lambda texts: together([(text.decode("utf-8", "replace"),) for text in texts])


def scores_in_batches(predictor: Predictor, goal: Goal) -> bool:
    """Tell whether a goal's probability can be read off a network's scores of many texts, without
    the rest of their answers: that of a label, by a checkpoint that was not calibrated."""
    if goal.kind != LABEL or not catalog.is_checkpoint(predictor.path):
        return False
    session: Any = predictor.session
    model = session.model
    learner = model.learner
    return bool(learner.padded and learner.by_gradients and not model.header.calibration)


def _by_scores(predictor: Predictor, goal: Goal, variants: Sequence[Texts]) -> list[float]:
    import numpy as np
    import torch
    from torch.nn.utils.rnn import pad_sequence

    from edgetext.data.example import Example

    session: Any = predictor.session
    model = session.model
    network = session.pipeline.answer.network
    worths: list[float] = []
    for begin in range(0, len(variants), TOGETHER):
        encodings = []
        for texts in variants[begin : begin + TOGETHER]:
            first, *others = (text.decode("utf-8", "replace") for text in texts)
            example = Example(first, None, text_b=others[0] if others else None)
            encodings.append(
                model.learner.encode(example, model.vocabulary, model.header.max_bytes)
            )
        rows = [torch.from_numpy(encoding.ids.astype(np.int64)) for encoding in encodings]
        ids = pad_sequence(rows, batch_first=True, padding_value=model.vocabulary.pad)
        mask = torch.arange(ids.shape[1]) < torch.tensor([len(row) for row in rows])[:, None]
        with torch.inference_mode():
            scores = network(ids, mask)
            said = model.learner.goal_score(scores, goal, encodings[0], model.header.labels)
        worths += said.exp().tolist()
    return worths
