"""What is left of a pruned network learns to do without what was cut."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from edgetext.model.model import Model
from edgetext.model.variants import PRUNED
from edgetext.training.fine_tuning import fine_tune
from edgetext.training.loop import AfterEpoch, ignore
from edgetext.training.splits import Splits
from edgetext.training.teachers import teachers_of


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
    # The cut is in its history already, with what it answered before it was trained.
    *before, cut = start.header.history
    return fine_tune(
        start,
        teachers_of([teacher], start.recipe().task),
        epochs,
        learning_rate,
        splits,
        state,
        resume,
        qat_epochs=qat_epochs,
        after_epoch=after_epoch,
        header=replace(start.header, history=tuple(before)),
        parent=cut.parent_sha256,
        variant=PRUNED,
        tested=tested,
    )
