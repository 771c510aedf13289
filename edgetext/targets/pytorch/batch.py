"""Several texts to a checkpoint at once, padded to one matrix."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from edgetext.data.example import Example
from edgetext.targets.pytorch.session import PyTorchSession
from edgetext.tasks.prediction import Prediction
from edgetext.training.dataset import EncodedSet
from edgetext.training.evaluation import answers


def padded(
    session: PyTorchSession,
) -> Callable[[Sequence[Sequence[str]]], Sequence[Prediction]] | None:
    """Return what answers questions of one text together, cut by the Rust tokenizer; None where the
    task's texts cannot be padded."""
    model = session.model
    if not model.learner.padded:
        return None
    network = session.pipeline.answer.network

    def answer(questions: Sequence[Sequence[str]]) -> Sequence[Prediction]:
        examples = [Example(text, None) for (text,) in questions]
        with torch.inference_mode():
            return answers(network, EncodedSet.of_model(model, examples), len(examples))

    return answer
