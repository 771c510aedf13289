"""The built-in data set `assistant`: requests to a voice assistant, made from a grammar.

20 intents and 37 slots; 4,500 texts to train on, 500 valid and 800 test ones, the same on every
machine. Texts are cased, with numbers, times and accents. The test split has sentence patterns and
slot values that training does not show; no two texts of the set have the same words.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from edgetext.data import assistant_templates as templates
from edgetext.data import assistant_values as values
from edgetext.data.example import Example, Span
from edgetext.errors import EdgetextError
from edgetext.registry import register

Pools = Mapping[str, Sequence[str]]
Part = tuple[str, str | None]  # words, and the slot when they are its value

# (patterns, values, texts an intent) of each split, in the order in which they are made.
_ALL_VALUES = {pool: values.SEEN[pool] + values.UNSEEN[pool] for pool in values.SEEN}
_PLAN = {
    "train": ((templates.SEEN, values.SEEN, 225),),
    "valid": ((templates.SEEN, values.SEEN, 25),),
    "test": (
        (templates.UNSEEN, values.SEEN, 16),
        (templates.SEEN, values.UNSEEN, 12),
        (templates.UNSEEN, _ALL_VALUES, 12),
    ),
}
_CHOICE = re.compile(r"\[([^][()]*)\]|\(([^][()]*)\)")  # one that holds no other
_SLOT = re.compile(r"\{(\w+?)(?::(\w+))?\}")
_VOWEL = re.compile(r"[aeiouAEIOUé]|8|11\b|18\b")


class AssistantConfig(BaseModel):
    model_config = ConfigDict(extra="forbid")


@register("reader", "assistant")
class Assistant:
    """Needs no files: `read(split=...)`."""

    Config: ClassVar[type[BaseModel]] = AssistantConfig
    needs_files: ClassVar[bool] = False

    def __init__(self, config: AssistantConfig) -> None:
        self.config = config

    def read(self, path: Path | None = None, split: str = "train") -> Iterator[Example]:
        """The examples of "train", "valid" or "test", in a fixed order that mixes the intents."""
        if path is not None:
            raise EdgetextError(f"{path}: data type assistant reads no file; leave the path out")
        return iter(_data_set()[split])


@cache
def _data_set() -> dict[str, list[Example]]:
    rng = random.Random(2024)
    taken: set[str] = set()
    splits = {}
    for split, plan in _PLAN.items():
        made = [
            (intent, parts)
            for patterns, pools, count in plan
            for intent, lines in patterns.items()
            for parts in _requests(lines, pools, count, rng, taken)
        ]
        rng.shuffle(made)
        splits[split] = [
            _example(_spoken(parts, rng), intent, f"assistant:{split}:{number}")
            for number, (intent, parts) in enumerate(made, start=1)
        ]
    return splits


def _requests(
    lines: Sequence[str], pools: Pools, count: int, rng: random.Random, taken: set[str]
) -> list[list[Part]]:
    """`count` requests whose words are not in `taken`, which they join; each line as often."""
    made: list[list[Part]] = []
    order: list[str] = []
    while len(made) < count:
        order = order or rng.sample(lines, len(lines))
        parts = _filled(_chosen(order.pop(), rng), pools, rng)
        words = "".join(text for text, _ in parts).casefold()
        if words not in taken:
            taken.add(words)
            made.append(parts)
    return made


def _chosen(line: str, rng: random.Random) -> str:
    """The line with its choices made, the inner ones first."""
    while match := _CHOICE.search(line):
        options = ["", match[1]] if match[1] is not None else match[2].split("|")
        line = line[: match.start()] + rng.choice(options) + line[match.end() :]
    return " ".join(line.split())


def _filled(line: str, pools: Pools, rng: random.Random) -> list[Part]:
    """The line with values in its slots, no value twice."""
    parts: list[Part] = []
    used: set[str] = set()
    read = 0
    for match in _SLOT.finditer(line):
        slot, pool = match[1], match[2] or match[1]
        value = rng.choice([value for value in pools[pool] if value not in used])
        used.add(value)
        before = line[read : match.start()]
        if re.search(r"\ba $", before) and _VOWEL.match(value):
            before = before[:-1] + "n "
        parts += [(before, None), (value, slot)]
        read = match.end()
    return [part for part in [*parts, (line[read:], None)] if part[0]]


def _spoken(parts: Sequence[Part], rng: random.Random) -> list[Part]:
    """The request as a person may write it: courtesies, a capital, a mark at the end."""
    first = parts[0][0].split()[0]
    before = rng.choice(templates.POLITE if first in templates.VERBS else templates.BEFORE)
    # A courtesy after a message or a task would be a part of it.
    after = "" if parts[-1][1] in ("message", "task", "phrase") else rng.choice(templates.AFTER)
    if (after == "please" and after in before) or (after == "for me" and parts[0][0].count(" me ")):
        after = ""
    question = first in templates.QUESTIONS or "can you" in before or "could you" in before
    mark = rng.choice(("", "?") if question else ("", "", "."))
    whole: list[Part] = [(f"{before} ", None)] if before else []
    whole += [*parts, (f" {after}{mark}" if after else mark, None)]
    if rng.random() < 0.5:
        text, slot = whole[0]
        whole[0] = (text[0].upper() + text[1:], slot)
    return whole


def _example(parts: Sequence[Part], intent: str, source: str) -> Example:
    spans = []
    at = 0
    for text, slot in parts:
        end = at + len(text.encode("utf-8"))
        if slot is not None:
            spans.append(Span(slot, at, end))
        at = end
    return Example("".join(text for text, _ in parts), intent, tuple(spans), source)
