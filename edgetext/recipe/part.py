"""The section of one of the tasks of a recipe of several."""

from __future__ import annotations

from pydantic import Field

from edgetext.recipe.schema import MULTI_LABEL, ComponentConfig, DataConfig
from edgetext.recipe.section import Section


class PartConfig(Section):
    """One of the tasks of a model of several: its data and its head."""

    task: str = Field(description="the registered name of the task")
    multi_label: bool = MULTI_LABEL
    data: DataConfig
    head: ComponentConfig | None = None
    # Left out where nothing was chosen, so that checkpoints are as they were before it came.
    passes: float = Field(
        1.0,
        ge=1,
        allow_inf_nan=False,
        exclude_if=lambda value: value == 1,
        description="how often an epoch shows its training texts; with 1.5 half of them twice",
    )
    goal: float | None = Field(
        None,
        ge=0,
        lt=1,
        exclude_if=lambda value: value is None,
        description="what its first metric is to reach on the validation split: the farther a task "
        "is from its goal, the more of it the next epoch shows; of all tasks or of none",
    )
