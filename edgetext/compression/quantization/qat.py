"""Quantization-aware training: a model learns to answer as its integers will."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from edgetext.compression.quantization.calibration_data import calibration_set
from edgetext.compression.quantization.quantize import Choices, planned, refuse_quantized
from edgetext.core.files import sha256
from edgetext.model.model import Model
from edgetext.models.quantized.qat import FakeQuantization
from edgetext.recipe import Recipe
from edgetext.training.fine_tuning import fine_tune
from edgetext.training.loop import AfterEpoch, ignore
from edgetext.training.splits import Splits, load_splits
from edgetext.training.teachers import Teacher, teachers_of


def train_quantized(
    model: Model,
    epochs: int,
    learning_rate: float,
    recipe: Recipe | None = None,
    choices: Choices | None = None,
    state: Path | None = None,
    resume: bool = False,
) -> Model:
    """Train a model on, fake-quantized as `choices` will store it; its weights are float32 still.

    The teacher is the checkpoint that it was distilled from, where that lies beside its own, else
    the model itself. recipe: whose data; by default the model's. state: see `train`.
    """
    choices = choices or Choices()
    refuse_quantized(model)
    texts_of = recipe or model.recipe()
    precision = planned(
        model.network,
        choices,
        lambda: calibration_set(model.header, texts_of, choices.calibrate),
        str(model),
    )
    fake = FakeQuantization(precision.scheme_of, str(choices))
    splits = None if recipe is None else load_splits(recipe)
    parent = teacher_of(model)
    teacher = model if parent is None else Model.load(parent)
    return tune(model, teacher, epochs, learning_rate, fake, splits, state, resume)


def tune(
    model: Model,
    teacher: Model,
    epochs: int,
    learning_rate: float,
    fake: FakeQuantization,
    splits: Splits | None = None,
    state: Path | None = None,
    resume: bool = False,
    *,
    teachers: Sequence[Teacher] = (),
    tested: bool = True,
    after_epoch: AfterEpoch = ignore,
) -> Model:
    """Train a model on, fake-quantized, on a teacher's answers (quantization-aware training); its
    weights are float32 still.

    The teacher may be the model. What training does not improve, fake-quantized, is kept as it is.

    splits: by default the data of the model's recipe. state: see `train`. teachers, tested,
    after_epoch: see `distill`.
    """
    return fine_tune(
        model,
        teachers or teachers_of([teacher], model.recipe().task),
        epochs,
        learning_rate,
        splits,
        state,
        resume,
        qat_epochs=epochs,
        after_epoch=after_epoch,
        header=model.header,
        parent=model.digest(),
        variant=model.header.variant,
        tested=tested,
        fake=fake,
    )


def teacher_of(model: Model) -> Path | None:
    """The checkpoint beside the model's own that it was made of; None where there is none."""
    history = model.header.history
    parent = history[-1].parent_sha256 if history else None
    if parent is None or model.source is None:
        return None
    for path in sorted(model.source.resolve().parent.glob("*.pt")):
        if path.name != model.source.name and sha256(path) == parent:
            return path
    return None
