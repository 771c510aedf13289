"""The golden examples of an artifact: real texts with the checkpoint's own answers."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from edgetext.compression.int4 import Int4Linear
from edgetext.compression.int8 import Int8Embedding, Int8Linear, Rounding
from edgetext.errors import EdgetextError
from edgetext.runtime.contract import GoldenExample
from edgetext.runtime.predictor import Predictor
from edgetext.runtime.pytorch import PyTorchSession
from edgetext.training.checkpoint import Checkpoint


def golden_examples(path: Path, checkpoint: Checkpoint | None = None) -> list[GoldenExample]:
    """The checkpoint's texts and answers, without those that hang on how inputs are rounded.

    Every runtime rounds an int8 layer's inputs in its own way; a text whose answer depends on it
    says nothing about a device. EdgetextError when that leaves less than half of the texts.

    checkpoint: see PyTorchSession.
    """
    session = PyTorchSession(path, checkpoint)
    predictor = Predictor(path, session)
    texts = session.texts
    answers = {}
    for rounding in get_args(Rounding):
        for module in session.pipeline.modules():
            if isinstance(module, Int4Linear | Int8Linear | Int8Embedding):
                module.rounding = rounding
        answers[rounding] = [predictor.predict(*text) for text in texts]
    kept = [
        GoldenExample(text[0], answer, *text[1:])
        for text, answer, *others in zip(
            texts, answers["rows"], answers["tensor"], answers["none"], strict=True
        )
        if predictor.task.settled(answer)
        and all(predictor.task.agree(answer, other) for other in others)
    ]
    if 2 * len(kept) < len(texts):
        raise EdgetextError(
            f"{path}: {len(texts) - len(kept)} of {len(texts)} example texts change their answer "
            "with the rounding of int8; train it longer, or export the model before `quantize`"
        )
    return kept
