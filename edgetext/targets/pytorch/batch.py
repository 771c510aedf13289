"""Several texts to a checkpoint at once, padded to one matrix."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from edgetext.data.example import Example
from edgetext.model.checkpoint import Checkpoint
from edgetext.targets.pytorch.session import PyTorchSession
from edgetext.tasks.learner import learner_of
from edgetext.tasks.prediction import Prediction
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.dataset import EncodedSet
from edgetext.training.evaluation import answers


def padded(
    checkpoint: Checkpoint, session: PyTorchSession
) -> Callable[[Sequence[Sequence[str]]], Sequence[Prediction]] | None:
    """Return what answers questions of one text together, cut by the Rust tokenizer; None where the
    task's texts cannot be padded."""
    header = checkpoint.header
    learner = learner_of(header.task, header.labels)
    if not learner.padded:
        return None
    vocabulary = Vocabulary.from_header(header.vocabulary)
    network = session.pipeline.answer.network

    def answer(questions: Sequence[Sequence[str]]) -> Sequence[Prediction]:
        examples = [Example(text, None) for (text,) in questions]
        with torch.inference_mode():
            data = EncodedSet(
                examples, learner, vocabulary, header.labels, session.metadata.max_bytes
            )
            return answers(network, data, len(examples))

    return answer
