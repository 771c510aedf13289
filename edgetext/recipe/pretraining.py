"""What a small network learns of an embedder, and what names such a network."""

from __future__ import annotations

from pydantic import Field, model_validator

from edgetext.recipe.section import Section

# Of a recipe and of its student.
INIT = Field(
    None,
    min_length=1,
    exclude_if=lambda value: value is None,
    description="a checkpoint with whose pieces and encoder the training begins, as `edgetext "
    "pretrain` writes; null = what the seed draws",
)


class PretrainingConfig(Section):
    """What a network of task embed learns of an embedder; see training.pretraining_objective."""

    vector_weight: float = Field(1.0, ge=0, description="the angle to the teacher's vector")
    neighbor_weight: float = Field(
        1.0, ge=0, description="which texts of a batch are how near to each other"
    )
    word_weight: float = Field(
        1.0, ge=0, description="the angle to what the teacher's encoder makes of each word"
    )

    @model_validator(mode="after")
    def _learns(self) -> PretrainingConfig:
        if not (self.vector_weight or self.neighbor_weight or self.word_weight):
            raise ValueError("all weights are 0, so nothing is learned; raise one")
        return self
