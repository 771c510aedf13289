"""New texts of the data set `pii` in each epoch: `data.augment` of type `pii`."""

from __future__ import annotations

import random
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from edgetext.data.augment.slots import recased
from edgetext.data.example import Example
from edgetext.data.pii.reader import examples_of, writers_of
from edgetext.registry import register


class PiiTextsConfig(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_default=True)

    case: float = Field(
        0.0, ge=0, le=1, description="chance that a text comes in small letters, or in capitals"
    )


@register("augmentation", "pii")
class PiiTexts:
    """Write as many texts as training has, all new, with the patterns and words of training."""

    Config = PiiTextsConfig

    def __init__(self, config: PiiTextsConfig, examples: Sequence[Example]) -> None:
        self.case = config.case
        self.count = len(examples)

    def __call__(self, rng: random.Random) -> list[Example]:
        written = examples_of(writers_of("train", rng), "train", self.count, rng, set())
        return [recased(e, rng) if rng.random() < self.case else e for e in written]
