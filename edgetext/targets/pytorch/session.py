"""A checkpoint answering from bytes in eager PyTorch, by the very modules that are exported."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import torch

from edgetext.core.errors import EdgetextError
from edgetext.core.files import sha256
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.contract import CONTRACT, GoldenExample, Metadata, as_metadata
from edgetext.model.network import load_network
from edgetext.models import Network
from edgetext.tasks.learner import learner_of
from edgetext.text.vocabulary import Vocabulary


class PyTorchSession:
    """See target.Session. A checkpoint carries no golden answers: it is what gives them."""

    def __init__(self, path: Path, checkpoint: Checkpoint | None = None) -> None:
        """checkpoint: what was made of the one at `path`, where that is not meant itself."""
        checkpoint = checkpoint or Checkpoint.load(path)
        header = checkpoint.header
        try:
            self.metadata = checkpoint_metadata(checkpoint, path)
            vocabulary = Vocabulary.from_header(header.vocabulary)
            answer = build_answer(checkpoint, load_network(checkpoint, str(path)))
        except KeyError as error:
            raise EdgetextError(
                f"{path}: the checkpoint's header lacks {error}; train it again"
            ) from error
        learner = learner_of(header.task, header.labels)
        read = learner.first_stage(vocabulary, self.metadata.max_bytes)
        self.pipeline = learner.pipeline(read, answer).eval()
        self.golden: list[GoldenExample] = []
        self.texts: list[tuple[str, ...]] = [
            (entry,) if isinstance(entry, str) else tuple(entry) for entry in header.golden
        ]

    @torch.inference_mode()
    def run(self, *texts: np.ndarray) -> tuple[np.ndarray, ...]:
        # PyTorch takes no array that it cannot write into.
        given = [torch.from_numpy(text.copy()) for text in texts]
        return tuple(output.numpy() for output in self.pipeline(*given))


def build_answer(checkpoint: Checkpoint, network: Network) -> Any:
    """The second stage of the checkpoint's pipeline, around its network."""
    header = checkpoint.header
    vocabulary = Vocabulary.from_header(header.vocabulary)
    labels = header.labels
    return learner_of(header.task, labels).second_stage(network, labels, vocabulary).eval()


def checkpoint_metadata(checkpoint: Checkpoint, path: Path) -> Metadata:
    """What an artifact made of this checkpoint says of itself, without its `runtime`."""
    header = checkpoint.header
    learner = learner_of(header.task, header.labels)
    pieces = header.pieces
    digest = sha256(path)
    fields = {
        "contract": CONTRACT,
        "task": header.task,
        "name": header.name,
        "variant": header.variant,
        "labels": learner.names(header.labels),
        "max_bytes": header.max_bytes,
        "vocabulary_size": len(pieces),
        "vocabulary_sha256": hashlib.sha256("\n".join(pieces).encode("utf-8")).hexdigest(),
        "model_version": digest[:12],
        "edgetext_version": header.edgetext_version,
        "checkpoint_sha256": digest,
        "metrics": header.metrics.get("test", {}),
        "inputs": list(learner.task.inputs),
        "outputs": list(learner.task.outputs),
    }
    return as_metadata(fields)
