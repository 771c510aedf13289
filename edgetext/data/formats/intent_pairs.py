"""Pairs made of texts with intents: two requests for the same thing, or for different ones."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.reader import Item, Reader, ReaderConfig, build_reader, make_pair
from edgetext.registry import register

SAME, DIFFERENT = "same", "different"


class IntentPairsConfig(ReaderConfig):
    of: str = Field("clinc150", description="the reader of the texts, with its default fields")
    pairs: int = Field(1, ge=1, description="pairs of either kind that each text begins")
    candidates: int = Field(
        1, ge=1, description="of so many texts of other intents, take the one most like in words"
    )
    leave_out: list[str] = Field(
        default_factory=lambda: ["oos"], description="intents whose texts have nothing in common"
    )


@register("reader", "intent_pairs")
class IntentPairs(Reader):
    """Questions that ask the same, as duplicate questions are: labels "same" and "different".

    The same file and fields give the same pairs.
    """

    Config: ClassVar[type[ReaderConfig]] = IntentPairsConfig

    def __init__(self, config: IntentPairsConfig) -> None:
        super().__init__(config)
        self.config = config
        self.reader = build_reader(config.of, {"on_error": config.on_error})
        self.one_file = self.reader.one_file

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        texts = []
        for item in self.reader.scan(path, split):
            if not isinstance(item, Example):
                yield item
            elif item.intent is None:
                yield EdgetextError(f"{item.source}: the line has no intent label; add one")
            elif item.intent not in self.config.leave_out:
                texts.append(item)
        by_intent = defaultdict(list)
        for text in texts:
            by_intent[text.intent].append(text)
        if len(by_intent) < 2:
            raise EdgetextError(f"{path}: {len(by_intent)} intent(s); pairs need two or more")
        rng = random.Random(f"{split} {len(texts)}")
        for text in texts:
            others = by_intent[text.intent]
            for _ in range(self.config.pairs):
                if len(others) > 1:
                    like = text
                    while like is text:
                        like = rng.choice(others)
                    yield make_pair(text.text, like.text, SAME, text.source)
                unlike = self._unlike(text, texts, rng)
                yield make_pair(text.text, unlike.text, DIFFERENT, text.source)

    def _unlike(self, text: Example, texts: list[Example], rng: random.Random) -> Example:
        """Of `candidates` texts of other intents, the one that shares most words."""
        words = set(text.text.lower().split())
        best, most = text, -1.0
        drawn = 0
        while drawn < self.config.candidates:
            other = rng.choice(texts)
            if other.intent == text.intent:
                continue
            drawn += 1
            theirs = set(other.text.lower().split())
            shared = len(words & theirs) / len(words | theirs)
            if shared > most:
                best, most = other, shared
        return best
