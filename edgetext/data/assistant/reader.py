"""The built-in data set `assistant`: requests to a voice assistant, made from a grammar.

21 intents, of which `none` is what no other is about, and 37 slots; 4,725 texts to train on, 525
valid and 840 test ones, the same on every machine. A tenth of the requests, and every text of
`none`, has no slot. Texts are cased, with numbers, times and accents. The test split has sentence
patterns and slot values that training does not show; no two texts of the set have the same words.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from edgetext.core.errors import EdgetextError
from edgetext.data.assistant.grammar import load
from edgetext.data.assistant.sentences import as_example, requests, spoken
from edgetext.data.example import Example
from edgetext.data.reader import BaseReader
from edgetext.registry import register


class AssistantConfig(BaseModel):
    model_config = ConfigDict(extra="forbid")


@register("reader", "assistant")
class Assistant(BaseReader):
    """The built-in data set, which needs no files: its path is None."""

    Config: ClassVar[type[BaseModel]] = AssistantConfig
    needs_files: ClassVar[bool] = False

    def __init__(self, config: AssistantConfig) -> None:
        self.config = config

    def read(self, path: Path | None = None, split: str = "train") -> Iterator[Example]:
        """Give the examples of a split, in a fixed order that mixes the intents."""
        if path is not None:
            raise EdgetextError(f"{path}: data type assistant reads no file; leave the path out")
        return iter(data_set()[split])


@cache
def data_set() -> dict[str, list[Example]]:
    patterns, values = load()
    either = {pool: values.seen[pool] + values.unseen[pool] for pool in values.seen}
    # (patterns, values, texts an intent, those without a slot) of each split, in the order in which
    # they are made.
    plans = {
        "train": ((patterns.seen, values.seen, 225, 22),),
        "valid": ((patterns.seen, values.seen, 25, 3),),
        "test": (
            (patterns.unseen, values.seen, 16, 3),
            (patterns.seen, values.unseen, 12, 0),
            (patterns.unseen, either, 12, 1),
        ),
    }
    rng = random.Random(2024)
    taken: set[str] = set()
    splits = {}
    for split, plan in plans.items():
        sentences = [
            (intent, parts)
            for table, pools, count, bare in plan
            for intent, lines in table.items()
            for parts in requests(lines, pools, count, bare, rng, taken)
        ]
        rng.shuffle(sentences)
        splits[split] = [
            as_example(spoken(parts, rng), intent, f"assistant:{split}:{number}")
            for number, (intent, parts) in enumerate(sentences, start=1)
        ]
    return splits
