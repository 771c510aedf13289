"""What is left of a pruned network learns to do without what was cut."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch

from edgetext.model.model import Model
from edgetext.recipe import DistillationConfig
from edgetext.training.distillation_run import DistillationRun
from edgetext.training.loop import AfterEpoch, ignore
from edgetext.training.run import set_threads
from edgetext.training.splits import Splits, load_splits
from edgetext.training.teachers import teachers_of

PRUNED = "pruned"


def recover(
    start: Model,
    teacher: Model,
    epochs: int,
    learning_rate: float,
    splits: Splits | None = None,
    state: Path | None = None,
    resume: bool = False,
    *,
    qat_epochs: int = 0,
    tested: bool = True,
    after_epoch: AfterEpoch = ignore,
) -> Model:
    """Train `start`, which `prune` cut out of a model, on a teacher's answers.

    The teacher may be that model. What training does not improve is kept as it is.

    splits: what it learns from; by default the data of the model's recipe.
    state: see `train`. qat_epochs: see DistillationConfig; tested, after_epoch: see `distill`.
    """
    recipe = start.recipe()
    teachers = teachers_of([teacher], recipe.task)
    changes = {"epochs": epochs, "learning_rate": learning_rate, "patience": 0}
    training = recipe.training.model_copy(update=changes)
    resolved = recipe.model_copy(update={"training": training})
    set_threads(training)
    distillation = DistillationConfig(soft_weight=0.9, qat_epochs=qat_epochs)
    # The cut is in its history already, with what it answered before it was trained.
    *before, cut = start.header.history
    header = replace(start.header, history=tuple(before))
    run = DistillationRun(
        teachers, start.copied_network(), start.vocabulary, header, cut.parent_sha256, resolved,
        splits or load_splits(recipe), distillation, PRUNED, tested, keeps=True,
    )  # fmt: skip
    torch.manual_seed(recipe.seed)
    return run.learn(state, resume, after_epoch)
