"""What the checkpoint answers, and on which texts its answer depends on how int8 is rounded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from edgetext.conformance.rounding import other_roundings
from edgetext.conformance.texts import Question, questions
from edgetext.model.model import Model
from edgetext.models.quantized.layer import schemes_of
from edgetext.predictor import Predictor, as_array
from edgetext.targets.pytorch.session import PyTorchSession
from edgetext.tasks.prediction import Prediction

Advance = Callable[[], object]
# The precision of a network that rounds nothing.
FLOAT = "float32"


@dataclass(frozen=True, slots=True)
class Reference:
    """A checkpoint with its questions and answers.

    settled: of each answer, whether it is the one right answer, as far as `settle` was asked; a
    text without is borderline. kinds: the data type of each output, by its name in the contract.
    """

    predictor: Predictor
    precision: str
    questions: list[Question]
    answers: list[Prediction]
    settled: list[bool]
    kinds: dict[str, np.dtype]

    def describe(self, index: int) -> str:
        """What sort of text the question is, and what is special about its answer."""
        kind = self.questions[index].kind
        if "spans" in self.predictor.metadata.fields["outputs"] and not self.answers[index].spans:
            kind += ", whose answer has no slot"
        return kind

    def settle(self, indices: Iterable[int], advance: Advance = lambda: None) -> None:
        """Ask these questions again in other ways of rounding, and note in `settled` where one
        gives another answer.

        What is noted of a question does not depend on which others are asked. advance: called
        after each.
        """
        task, session = self.predictor.task, self.predictor.session
        assert isinstance(session, PyTorchSession)
        for index in indices:
            with torch.inference_mode(), closing(other_roundings(session.pipeline)) as roundings:
                read = _read(self.predictor, self.questions[index].texts)
                for _ in roundings:
                    if not self.settled[index]:
                        break
                    other = self.predictor.decode(_outputs(session, read))
                    self.settled[index] = task.agree(self.answers[index], other)
            advance()


def reference(path: Path, odd: int, more: Sequence[bytes] = ()) -> Reference:
    """Ask a checkpoint the texts of `questions`, as it rounds itself and, where it has integers, in
    other ways.

    odd: how many odd texts; more: texts to ask beside those. EdgetextError for a checkpoint that
    cannot be read.
    """
    session = PyTorchSession(Model.load(path))
    inputs = session.metadata.rules().inputs
    asked = questions(session.texts, session.metadata.max_bytes, len(inputs), odd, more)
    truth = answered(path, session, asked)
    if truth.precision != FLOAT:
        truth.settle(range(len(asked)))
    return truth


def answered(
    path: Path, session: PyTorchSession, asked: list[Question], advance: Advance = lambda: None
) -> Reference:
    """Ask a checkpoint, as it rounds itself; borderline are ties alone until `settle` is called.

    advance: called after each question, of which there must be one.
    """
    predictor = Predictor(path, session)
    answers: list[Prediction] = []
    with torch.inference_mode():
        for question in asked:
            outputs = _outputs(session, _read(predictor, question.texts))
            answers.append(predictor.decode(outputs))
            advance()
    names = predictor.metadata.fields["outputs"]
    kinds = {name: array.dtype for name, array in zip(names, outputs, strict=True)}
    settled = [predictor.task.is_decided(answer) for answer in answers]
    precision = precision_of(session.pipeline)
    return Reference(predictor, precision, asked, answers, settled, kinds)


def _read(predictor: Predictor, texts: tuple[bytes, ...]) -> Any:
    """What the first stage makes of a question, which no rounding changes."""
    limit, keeps_end = predictor.metadata.max_bytes, predictor.task.keeps_end
    given = [torch.from_numpy(as_array(text, limit, keeps_end).copy()) for text in texts]
    session = predictor.session
    assert isinstance(session, PyTorchSession)
    return session.pipeline.read(*given)


def _outputs(session: PyTorchSession, read: Any) -> tuple[np.ndarray, ...]:
    return tuple(output.numpy() for output in session.pipeline.answered(read))


def precision_of(network: nn.Module) -> str:
    """Name how the weights are stored: "float32", "int8" or another scheme, with " static" where
    convolutions are quantized statically."""
    schemes = set(schemes_of(network).values())
    if not schemes:
        return FLOAT
    weights = next(iter(sorted(schemes - {"int8", "static"})), "int8")
    return f"{weights} static" if "static" in schemes else weights
