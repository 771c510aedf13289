"""The sections that say what a student is and how it learns from its teacher."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from edgetext.recipe.pretraining import INIT
from edgetext.recipe.schema import ComponentConfig, Files, TextConfig, TrainingConfig, as_chain
from edgetext.recipe.section import Section


class DistillationConfig(Section):
    """How a student learns from its teacher."""

    temperature: float = Field(2.0, gt=0, le=100, description="softens both sets of scores")
    soft_weight: float = Field(0.5, ge=0, le=1, description="the teacher's scores against labels")
    soft_weight_end: float | None = Field(
        None,
        ge=0,
        le=1,
        exclude_if=lambda value: value is None,
        description="soft_weight of the last epoch, reached by equal steps; null = the same",
    )
    hidden_weight: float = Field(0.0, ge=0, description="distance of the hidden states; 0 = off")
    relation_weight: float = Field(
        0.0, ge=0, description="how words stand to each other, against the teacher's; 0 = off"
    )
    relations: Literal["states", "attention"] = Field(
        "states",
        description="of the encoders' outputs, whatever the encoders; or of self-attention's "
        "queries, keys and values, where both have it",
    )
    teachers_read: Literal["clean", "noised"] = Field(
        "clean",
        description="of a text that `augment` noised: as it was before, so that the student learns "
        "what is answered without the noise; or as the student reads it",
    )
    unlabeled: Files = Field(None, description="text files, a text a line, that the teachers label")
    confidence: float = Field(
        0.9, ge=0, le=1, description="how sure the teachers must be of such a text's labels"
    )
    qat_epochs: int = Field(
        0, ge=0, description="last epochs, in which the student rounds as its int8 form will"
    )
    variants: int | None = Field(
        None,
        ge=2,
        exclude_if=lambda value: value is None,
        description="so many epochs' worth of what `augment` makes up take turns, and the teachers "
        "answer each once; null = new ones in each epoch, which are asked anew",
    )
    precision: Literal["fp32", "bf16"] | None = Field(
        None,
        exclude_if=lambda value: value is None,
        description="in which the teachers answer, bf16 being mixed precision; null = that of the "
        "student's training",
    )
    # A teacher's checkpoint says it to `distill`. What a student learns does not depend on it, and
    # that one's has it no more.
    cache: str | None = Field(
        None,
        min_length=1,
        exclude_if=lambda value: value is None,
        description="folder in which the teachers' scores of each epoch's texts are kept for "
        "other students; null = nowhere",
    )


class StudentConfig(Section):
    """What `edgetext distill` makes."""

    init: str | None = INIT
    encoder: ComponentConfig
    head: ComponentConfig | None = None
    text: TextConfig | None = Field(None, description="its own vocabulary; null = the teacher's")
    augment: ComponentConfig | None = Field(
        None, description="made-up examples for the teacher to answer; null = data.augment.slots"
    )
    _several = field_validator("augment", mode="before")(as_chain)
    distillation: DistillationConfig = Field(default_factory=DistillationConfig)
    training: TrainingConfig = Field(default_factory=TrainingConfig)
