"""`text.hashed` of a recipe."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from edgetext.recipe.section import Section


class HashedConfig(Section):
    """Words that are the sums of rows of their n-grams of bytes, in the place of pieces."""

    buckets: int = Field(2000, ge=50, le=100_000, description="rows, which n-grams share")
    lengths: list[Annotated[int, Field(ge=1, le=6)]] = Field(
        [1, 2, 3, 4, 5], min_length=1, description="bytes of an n-gram"
    )
    # Left out where nothing was chosen, so that checkpoints are as they were before it came.
    pairs: bool = Field(
        False,
        exclude_if=lambda value: value is False,
        description="a word also has a row with the word before it, one of the same buckets",
    )

    @field_validator("lengths")
    @classmethod
    def _each_once(cls, value: list[int]) -> list[int]:
        if len(set(value)) != len(value):
            raise ValueError(f"{value} holds a length twice; remove one")
        return sorted(value)
