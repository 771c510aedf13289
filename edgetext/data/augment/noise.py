"""Texts with typos and the like in training: `augment` of type `noise`."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from pydantic import BaseModel, ConfigDict, Field, model_validator

from edgetext.data.augment.noises import KINDS, Noiser, check_noisable
from edgetext.data.augment.slots import SlotsConfig, SlotSwap
from edgetext.data.example import Example
from edgetext.registry import register


def _share(kind: str) -> float:
    """Make the field of a kind of noise."""
    field: float = Field(0.0, ge=0, le=1, description=f"share of {KINDS[kind].of}")
    return field


class NoiseConfig(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_default=True)

    share: float = Field(0.5, gt=0, le=1, description="chance that a text is noised at all")
    typo: float = _share("typo")
    case: float = _share("case")
    accents: float = _share("accents")
    punctuation: float = _share("punctuation")
    asr: float = _share("asr")
    homoglyph: float = _share("homoglyph")
    hidden: float = _share("hidden")
    slots: float = Field(
        0.0, ge=0, le=1, description="chance that a slot's value changes, in any text; see slots"
    )

    @model_validator(mode="after")
    def _some(self) -> NoiseConfig:
        if not self.amounts:
            raise ValueError(f"no noise is asked for; set one of {', '.join(KINDS)}")
        return self

    @property
    def amounts(self) -> dict[str, float]:
        """The kinds of noise that there are, and how much of each."""
        return {name: getattr(self, name) for name in KINDS if getattr(self, name)}


@register("augmentation", "noise")
class Noise:
    """Noise a share of the examples, by the kinds that the config names, one after the other.

    An example whose texts changed says what it was (`Example.clean`), so that a teacher can be
    asked about that.
    """

    Config = NoiseConfig

    def __init__(self, config: NoiseConfig, examples: Sequence[Example]) -> None:
        """EdgetextError where an example's answer is a text of its own."""
        check_noisable(examples)
        self.examples = examples
        self.share = config.share
        self.noiser = Noiser(config.amounts, (text for e in examples for text in e.texts))
        self.swap = (
            SlotSwap(SlotsConfig(probability=config.slots), examples) if config.slots else None
        )

    def __call__(self, rng: random.Random) -> list[Example]:
        examples = self.examples if self.swap is None else self.swap(rng)
        return [self._noised(e, rng) if rng.random() < self.share else e for e in examples]

    def _noised(self, example: Example, rng: random.Random) -> Example:
        noised = self.noiser(example, rng)
        if noised.texts == example.texts:
            return example
        return replace(noised, clean=example.clean or example)
