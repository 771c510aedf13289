"""Quantization-aware training: a checkpoint learns to answer as its integers will."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from edgetext.compression.quantization.calibration_data import calibration_set
from edgetext.compression.quantization.quantize import Choices, planned, refuse_int8
from edgetext.core.files import sha256
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.network import load_network
from edgetext.models import build_network
from edgetext.models.quantized.qat import FakeQuantization
from edgetext.recipe import DistillationConfig, Recipe
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.distillation_run import DistillationRun
from edgetext.training.loop import AfterEpoch, ignore
from edgetext.training.run import set_threads
from edgetext.training.splits import Splits, load_splits
from edgetext.training.teachers import Teacher, load_teachers


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


def tune(
    source: Path,
    teacher_path: Path,
    output: Path,
    epochs: int,
    learning_rate: float,
    fake: FakeQuantization,
    splits: Splits | None = None,
    resume: bool = False,
    *,
    teachers: Sequence[Teacher] = (),
    tested: bool = True,
    after_epoch: AfterEpoch = ignore,
) -> Checkpoint:
    """Train the checkpoint `source` on, fake-quantized, on a teacher's answers (quantization-aware
    training); write it, its weights still float32.

    The teacher may be that checkpoint. What training does not improve, fake-quantized, is kept as
    it is.

    splits: by default the data of the checkpoint's recipe. teachers, tested, after_epoch: see
    `distill`.
    """
    checkpoint = Checkpoint.load(source)
    header = checkpoint.header
    own = Recipe.from_dict(header.recipe, source=str(source))
    teachers = teachers or load_teachers([teacher_path], own.task)
    changes = {"epochs": epochs, "learning_rate": learning_rate, "patience": 0}
    training = own.training.model_copy(update=changes)
    resolved = own.model_copy(update={"training": training})
    set_threads(training)
    vocabulary = Vocabulary.from_header(header.vocabulary)
    network = build_network(header.recipe, len(vocabulary), header.labels)
    network.load_state_dict(checkpoint.tensors)
    run = DistillationRun(
        teachers, network, vocabulary, header, sha256(source), resolved,
        splits or load_splits(own), DistillationConfig(soft_weight=0.9, qat_epochs=epochs),
        header.variant, tested, fake, keeps=True,
    )  # fmt: skip
    torch.manual_seed(own.seed)
    return run.learn(output, resume, after_epoch)


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
