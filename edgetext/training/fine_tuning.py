"""A model learns on from teachers, in the shape that it has: after `prune`, and fake-quantized."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from edgetext.model.model import Model
from edgetext.recipe import DistillationConfig
from edgetext.training.distillation_run import DistillationRun
from edgetext.training.loop import AfterEpoch, ignore
from edgetext.training.run import set_threads
from edgetext.training.splits import Splits, load_splits
from edgetext.training.teachers import Teacher

# Of the loss, the part that the teachers' scores have: the labels have been learnt already.
SOFT_WEIGHT = 0.9


def fine_tune(
    model: Model,
    teachers: Sequence[Teacher],
    epochs: int,
    learning_rate: float,
    splits: Splits | None = None,
    state: Path | None = None,
    resume: bool = False,
    *,
    qat_epochs: int = 0,
    after_epoch: AfterEpoch = ignore,
    **fields: Any,
) -> Model:
    """Train a copy of the model's network by the model's recipe, for so many epochs at such a rate.

    What training does not improve is kept as it is.

    splits: what it learns from; by default the data of the model's recipe. state: see `train`.
    qat_epochs: see DistillationConfig; after_epoch: see `distill`. fields: further ones of
    DistillationRun.
    """
    recipe = model.recipe()
    changes = {"epochs": epochs, "learning_rate": learning_rate, "patience": 0}
    training = recipe.training.model_copy(update=changes)
    set_threads(training)
    run = DistillationRun(
        teachers=teachers,
        network=model.copied_network(),
        vocabulary=model.vocabulary,
        recipe=recipe.model_copy(update={"training": training}),
        splits=splits or load_splits(recipe),
        distillation=DistillationConfig(soft_weight=SOFT_WEIGHT, qat_epochs=qat_epochs),
        keeps=True,
        **fields,
    )
    torch.manual_seed(recipe.seed)
    return run.learn(state, resume, after_epoch)
