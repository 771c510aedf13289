"""Several augmentations, one after the other: `augment` of type `chain`, or a list of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from edgetext.core.errors import EdgetextError
from edgetext.data.augment.locate import Find, located_config
from edgetext.data.example import Example
from edgetext.recipe.components import completed
from edgetext.recipe.schema import ComponentConfig
from edgetext.registry import lookup, register


class ChainConfig(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_default=True)

    of: list[ComponentConfig] = Field(
        min_length=1, description="augmentations, each of what the one before made"
    )

    @field_validator("of")
    @classmethod
    def _complete(cls, value: list[ComponentConfig]) -> list[ComponentConfig]:
        try:
            return [completed("augmentation", each, f"{i}") for i, each in enumerate(value)]
        except EdgetextError as error:
            raise ValueError(error) from error


@register("augmentation", "chain")
class Chain:
    """Give the examples to the first augmentation, what it made to the second, and so on."""

    Config = ChainConfig

    @staticmethod
    def located(config: ChainConfig, find: Find) -> ChainConfig:
        """The config with the files of its parts where they are."""
        parts = [
            part.model_copy(update=located_config(part, find)[1].model_dump()) for part in config.of
        ]
        return config.model_copy(update={"of": parts})

    def __init__(self, config: ChainConfig, examples: Sequence[Example]) -> None:
        self.examples = examples
        self.parts: list[tuple[Any, Any]] = []
        for section in config.of:
            component: Any = lookup("augmentation", section.type)
            self.parts.append((component, component.Config(**section.own_fields)))
        # What one refuses is said before the first epoch.
        for component, fields in self.parts:
            component(fields, examples)

    def added(self, rng: random.Random) -> list[Example]:
        """Make what its parts add to the examples; none where none of them does."""
        examples = list(self.examples)
        for component, fields in self.parts:
            add = getattr(component(fields, examples), "added", None)
            examples += [] if add is None else add(rng)
        return examples[len(self.examples) :]

    def __call__(self, rng: random.Random) -> list[Example]:
        examples = self.examples
        for component, fields in self.parts:
            examples = component(fields, examples)(rng)
        return list(examples)
