"""Made-up training examples: `data.augment.slots` of a recipe, a component of kind `augmentation`.

An augmentation is built `cls(config, examples)` and called with a random.Random; each call gives
as many examples as it was built with. One that has a method `added` gives as many more as that
gives, called likewise, and these are training examples of the first epoch, too.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from pydantic import BaseModel, ConfigDict, Field

from edgetext.data.example import Example, Span
from edgetext.registry import register


class SlotsConfig(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_default=True)

    probability: float = Field(0.3, gt=0, le=1, description="chance that a slot's value changes")
    case: float = Field(
        0.0, ge=0, le=1, description="chance that a text comes in small letters, or in capitals"
    )


@register("augmentation", "slots")
class SlotSwap:
    """Give slots the values that other training examples have there.

    Values are drawn as often as they occur, so frequent ones stay frequent.
    """

    Config = SlotsConfig

    def __init__(self, config: SlotsConfig, examples: Sequence[Example]) -> None:
        self.probability = config.probability
        self.case = config.case
        self.examples = examples
        self.values: dict[str, list[bytes]] = {}
        for example in examples:
            raw = example.text.encode("utf-8")
            for span in example.spans:
                self.values.setdefault(span.label, []).append(raw[span.start : span.end])

    def __call__(self, rng: random.Random) -> list[Example]:
        made = [self._swapped(example, rng) for example in self.examples]
        if not self.case:
            return made
        return [recased(e, rng) if rng.random() < self.case else e for e in made]

    def _swapped(self, example: Example, rng: random.Random) -> Example:
        raw = example.text.encode("utf-8")
        pieces: list[bytes] = []
        spans: list[Span] = []
        read = length = 0
        for span in sorted(example.spans, key=lambda span: span.start):
            value = raw[span.start : span.end]
            if rng.random() < self.probability:
                value = rng.choice(self.values[span.label])
            before = raw[read : span.start]
            start = length + len(before)
            pieces += [before, value]
            length = start + len(value)
            spans.append(Span(span.label, start, length))
            read = span.end
        text = b"".join([*pieces, raw[read:]]).decode("utf-8")
        return Example(text, example.intent, tuple(spans), example.source)


def recased(example: Example, rng: random.Random) -> Example:
    """Give a text all in small letters or all in capitals, every byte offset as it was."""
    change = rng.choice((str.lower, str.upper))
    text = "".join(_same_width(c, change(c)) for c in example.text)
    return replace(example, text=text)


def _same_width(character: str, changed: str) -> str:
    """`changed`, unless it has more or fewer bytes, as the capital of ı has."""
    return changed if len(changed.encode()) == len(character.encode()) else character
