"""Quantization-aware training: a checkpoint learns to answer as its integers will."""

from __future__ import annotations

from pathlib import Path

from edgetext.compression.quantization.calibration_data import calibration_set
from edgetext.compression.quantization.quantize import Choices, planned, refuse_int8
from edgetext.core.files import sha256
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.network import load_network
from edgetext.models.quantized.qat import FakeQuantization
from edgetext.recipe import Recipe
from edgetext.training.distill import tune
from edgetext.training.splits import load_splits


def train_quantized(
    source: Path,
    output: Path,
    epochs: int,
    learning_rate: float,
    recipe: Recipe | None = None,
    choices: Choices | None = None,
    resume: bool = False,
) -> Checkpoint:
    """Train the checkpoint `source` on, fake-quantized as `choices` will store it; write `output`,
    still float32.

    The teacher is the checkpoint that it was distilled from, where that lies beside it, else the
    checkpoint itself. recipe: whose data; by default the checkpoint's.
    """
    choices = choices or Choices()
    checkpoint = Checkpoint.load(source)
    refuse_int8(checkpoint, source)
    own = recipe or Recipe.from_dict(checkpoint.header.recipe, source=str(source))
    header, network = checkpoint.header, load_network(checkpoint, str(source))
    precision = planned(
        network,
        choices,
        lambda: calibration_set(header, own, choices.calibrate),
        str(source),
    )
    fake = FakeQuantization(precision.scheme_of, str(choices))
    splits = None if recipe is None else load_splits(recipe)
    teacher = teacher_of(checkpoint, source) or source
    return tune(source, teacher, output, epochs, learning_rate, fake, splits, resume)


def teacher_of(checkpoint: Checkpoint, source: Path) -> Path | None:
    """The checkpoint beside `source` that it was made of; None where there is none."""
    history = checkpoint.header.history
    wanted = history[-1].parent_sha256 if history else None
    if wanted is None:
        return None
    for path in sorted(source.resolve().parent.glob("*.pt")):
        if path.name != source.name and sha256(path) == wanted:
            return path
    return None
