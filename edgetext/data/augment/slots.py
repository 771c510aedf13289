"""Made-up training examples: `data.augment.slots` of a recipe, a component of kind `augmentation`.

An augmentation is built `cls(config, examples)` and called with a random.Random; each call gives
as many examples as it was built with. One that has a method `added` gives as many more as that
gives, called likewise, and these are training examples of the first epoch, too.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from edgetext.core.errors import EdgetextError
from edgetext.data.augment.locate import Find
from edgetext.data.example import Example, Span
from edgetext.data.lines import decode, read_lines
from edgetext.registry import register


class SlotsConfig(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_default=True)

    probability: float = Field(0.3, gt=0, le=1, description="chance that a slot's value changes")
    # Both are left out where nothing was chosen, so that checkpoints are as they were before.
    values: dict[str, list[str]] = Field(
        {},
        exclude_if=lambda value: not value,
        description="slot -> files with more values for it, a value a line",
    )
    listed: float = Field(
        0.5,
        gt=0,
        le=1,
        exclude_if=lambda value: value == 0.5,
        description="chance that a changed value is of `values`, where it has any",
    )
    case: float = Field(
        0.0, ge=0, le=1, description="chance that a text comes in small letters, or in capitals"
    )

    @field_validator("values", mode="before")
    @classmethod
    def _lists(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {slot: [files] if isinstance(files, str) else files for slot, files in value.items()}


@register("augmentation", "slots")
class SlotSwap:
    """Give slots the values that other training examples have there, or those of a list.

    Values of examples are drawn as often as they occur, so frequent ones stay frequent; those of
    a list are equally likely.
    """

    Config = SlotsConfig

    @staticmethod
    def located(config: SlotsConfig, find: Find) -> SlotsConfig:
        """The config with the files of `values` where they are."""
        found = {slot: [str(find(name)) for name in names] for slot, names in config.values.items()}
        return config.model_copy(update={"values": found})

    def __init__(self, config: SlotsConfig, examples: Sequence[Example]) -> None:
        """EdgetextError where `values` names a slot that no example has, or a file without any."""
        self.probability = config.probability
        self.listed = config.listed
        self.case = config.case
        self.examples = examples
        self.values: dict[str, list[bytes]] = {}
        for example in examples:
            raw = example.text.encode("utf-8")
            for span in example.spans:
                self.values.setdefault(span.label, []).append(raw[span.start : span.end])
        self.lists = {
            slot: _values_of(slot, files, self.values) for slot, files in config.values.items()
        }

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
                value = self._drawn(span.label, rng)
            before = raw[read : span.start]
            start = length + len(before)
            pieces += [before, value]
            length = start + len(value)
            spans.append(Span(span.label, start, length))
            read = span.end
        text = b"".join([*pieces, raw[read:]]).decode("utf-8")
        return Example(text, example.intent, tuple(spans), example.source)

    def _drawn(self, slot: str, rng: random.Random) -> bytes:
        """Another value of a slot, of its list where it has one and chance says so."""
        listed = self.lists.get(slot)
        # A slot without a list asks chance no more than it did before there were lists.
        if listed is not None and rng.random() < self.listed:
            return rng.choice(listed)
        return rng.choice(self.values[slot])


def _values_of(slot: str, files: Sequence[str], known: dict[str, list[bytes]]) -> Sequence[bytes]:
    """The values of a slot's files, each once, without the blanks around them."""
    where = f"augment of type slots: values.{slot}"
    if slot not in known:
        raise EdgetextError(
            f"{where}: no training example has this slot; those that they have are "
            f"{', '.join(sorted(known)) or 'none'}"
        )
    values: dict[bytes, None] = {}
    for name in files:
        lines = (decode(row, f"{name}, line {i}").strip() for i, row in read_lines(Path(name)))
        given = [line.encode("utf-8") for line in lines if line]
        if not given:
            raise EdgetextError(f"{where}: {name} has no value; write one a line")
        values.update(dict.fromkeys(given))
    return list(values)


def recased(example: Example, rng: random.Random) -> Example:
    """Give a text all in small letters or all in capitals, every byte offset as it was."""
    change = rng.choice((str.lower, str.upper))
    text = "".join(_same_width(c, change(c)) for c in example.text)
    return replace(example, text=text)


def _same_width(character: str, changed: str) -> str:
    """`changed`, unless it has more or fewer bytes, as the capital of ı has."""
    return changed if len(changed.encode()) == len(character.encode()) else character
