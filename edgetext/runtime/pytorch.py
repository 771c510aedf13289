"""A checkpoint answering from bytes in eager PyTorch, by the very modules that are exported."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import torch

from edgetext.compression.network import load_network
from edgetext.errors import EdgetextError
from edgetext.files import sha256
from edgetext.models.pipeline import Pipeline, ReadText, build_answer, slot_names
from edgetext.runtime.contract import CONTRACT, OUTPUTS, GoldenExample, Metadata, as_metadata
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.checkpoint import Checkpoint


class PyTorchSession:
    """See predictor.Session. A checkpoint carries no golden answers: it is what gives them."""

    def __init__(self, path: Path) -> None:
        checkpoint = Checkpoint.load(path)
        header = checkpoint.header
        try:
            self.metadata = checkpoint_metadata(checkpoint, path)
            vocabulary = Vocabulary.from_header(header["vocabulary"])
            network = load_network(checkpoint, str(path))
            answer = build_answer(network, header["labels"])
        except KeyError as error:
            raise EdgetextError(
                f"{path}: the checkpoint's header lacks {error}; train it again"
            ) from error
        self.pipeline = Pipeline(ReadText(vocabulary, self.metadata.max_bytes), answer).eval()
        self.golden: list[GoldenExample] = []
        self.texts: list[str] = header.get("golden", [])

    @torch.inference_mode()
    def run(self, text: np.ndarray) -> tuple[np.ndarray, ...]:
        return tuple(output.numpy() for output in self.pipeline(torch.from_numpy(text)))


def checkpoint_metadata(checkpoint: Checkpoint, path: Path) -> Metadata:
    """What an artifact made of this checkpoint says of itself, without its `runtime`."""
    header = checkpoint.header
    labels = {"intent": header["labels"]["intent"], "slots": slot_names(header["labels"])}
    pieces = header["vocabulary"]["pieces"]
    digest = sha256(path)
    fields = {
        "contract": CONTRACT,
        "task": header["task"],
        "name": header["name"],
        "variant": header["variant"],
        "labels": labels,
        "max_bytes": header["max_bytes"],
        "vocabulary_size": len(pieces),
        "vocabulary_sha256": hashlib.sha256("\n".join(pieces).encode("utf-8")).hexdigest(),
        "model_version": digest[:12],
        "edgetext_version": header.get("edgetext_version"),
        "checkpoint_sha256": digest,
        "metrics": header.get("metrics", {}).get("test", {}),
        "outputs": list(OUTPUTS[header["task"]]),
    }
    return as_metadata(fields)
