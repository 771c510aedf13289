"""What the checkpoint answers, and on which texts its answer depends on how int8 is rounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from edgetext.model.model import Model
from edgetext.models.quantized.layer import schemes_of
from edgetext.predictor import Predictor, as_array
from edgetext.targets.pytorch.session import PyTorchSession
from edgetext.tasks.prediction import Prediction
from edgetext_bench.hosts.rounding import other_roundings
from edgetext_bench.hosts.texts import Question, questions


@dataclass(frozen=True, slots=True)
class Reference:
    """A checkpoint with its questions and answers.

    settled: of each answer, whether every rounding gives it; a text without is borderline. kinds:
    the data type of each output, by its name in the contract.
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


def reference(path: Path, odd: int, more: Sequence[bytes] = ()) -> Reference:
    """Ask a checkpoint the texts of `questions`, as it rounds itself and in other ways.

    odd: how many odd texts; more: texts to ask beside those. EdgetextError for a checkpoint that
    cannot be read.
    """
    session = PyTorchSession(Model.load(path))
    predictor = Predictor(path, session)
    task, limit = predictor.task, predictor.metadata.max_bytes
    asked = questions(session.texts, limit, len(task.inputs), odd, more)
    with torch.inference_mode():
        read = [_read(session, predictor, question.texts) for question in asked]
        outputs = [_outputs(session, pieces) for pieces in read]
        answers = [predictor.decode(arrays) for arrays in outputs]
        settled = [task.is_decided(answer) for answer in answers]
        for _ in other_roundings(session.pipeline):
            for i in range(len(asked)):
                if settled[i]:
                    other = predictor.decode(_outputs(session, read[i]))
                    settled[i] = task.agree(answers[i], other)
    names = predictor.metadata.fields["outputs"]
    kinds = {name: array.dtype for name, array in zip(names, outputs[0], strict=True)}
    return Reference(predictor, _precision(session.pipeline), asked, answers, settled, kinds)


def _read(session: PyTorchSession, predictor: Predictor, texts: tuple[bytes, ...]) -> Any:
    """What the first stage makes of a question, which no rounding changes."""
    limit, keeps_end = predictor.metadata.max_bytes, predictor.task.keeps_end
    given = [torch.from_numpy(as_array(text, limit, keeps_end).copy()) for text in texts]
    return session.pipeline.read(*given)


def _outputs(session: PyTorchSession, read: Any) -> tuple[np.ndarray, ...]:
    return tuple(output.numpy() for output in session.pipeline.answered(read))


def _precision(network: nn.Module) -> str:
    """Name how the weights are stored: "float32", "int8" or another scheme, with " static" where
    convolutions are quantized statically."""
    schemes = set(schemes_of(network).values())
    if not schemes:
        return "float32"
    weights = next(iter(sorted(schemes - {"int8", "static"})), "int8")
    return f"{weights} static" if "static" in schemes else weights
