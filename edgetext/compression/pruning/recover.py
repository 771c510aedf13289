"""What is left of a pruned network learns to do without what was cut."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch

from edgetext.model.checkpoint import Checkpoint
from edgetext.models import build_network
from edgetext.recipe import DistillationConfig, Recipe
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.distillation_run import DistillationRun
from edgetext.training.loop import AfterEpoch, ignore
from edgetext.training.run import set_threads
from edgetext.training.splits import Splits, load_splits
from edgetext.training.teachers import load_teachers

PRUNED = "pruned"


def recover(
    teacher_path: Path,
    start: Checkpoint,
    output: Path,
    epochs: int,
    learning_rate: float,
    splits: Splits | None = None,
    resume: bool = False,
    *,
    qat_epochs: int = 0,
    tested: bool = True,
    after_epoch: AfterEpoch = ignore,
) -> Checkpoint:
    """Train `start`, which `prune` cut out of a checkpoint, on a teacher's answers; write it.

    The teacher may be that checkpoint. What training does not improve is kept as it is.

    splits: what it learns from; by default the data of the checkpoint's recipe.
    qat_epochs: see DistillationConfig; tested, after_epoch: see `distill`.
    """
    own = Recipe.from_dict(start.header.recipe, source=str(teacher_path))
    teachers = load_teachers([teacher_path], own.task)
    changes = {"epochs": epochs, "learning_rate": learning_rate, "patience": 0}
    training = own.training.model_copy(update=changes)
    resolved = own.model_copy(update={"training": training})
    set_threads(training)
    network = build_network(start.header.recipe, len(start.header.pieces), start.header.labels)
    network.load_state_dict(start.tensors)
    distillation = DistillationConfig(soft_weight=0.9, qat_epochs=qat_epochs)
    # The cut is in its history already, with what it answered before it was trained.
    *before, cut = start.header.history
    header = replace(start.header, history=tuple(before))
    run = DistillationRun(
        teachers, network, Vocabulary.from_header(start.header.vocabulary), header,
        cut.parent_sha256, resolved, splits or load_splits(own), distillation, PRUNED, tested,
        keeps=True,
    )  # fmt: skip
    torch.manual_seed(own.seed)
    return run.learn(output, resume, after_epoch)
