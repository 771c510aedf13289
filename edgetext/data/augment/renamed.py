"""Pairs of texts about something else: `augment` of type `renamed`."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pydantic import BaseModel, ConfigDict, Field

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.registry import register

_WORD = re.compile(r"\w+")


class RenamedConfig(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_default=True)

    probability: float = Field(
        0.3, gt=0, le=1, description="chance that a word which both texts have becomes another"
    )
    common: int = Field(
        200, ge=0, description="so many of the commonest words of the training texts stay"
    )
    exchange: float = Field(
        0.0, ge=0, le=1, description="chance that the first text comes second: 0 where that matters"
    )


@register("augmentation", "renamed")
class Renamed:
    """Give what two texts share another name, the same in both.

    Whether two texts of the same words say the same lies in how these stand to each other, not in
    what they are: a model that sees the same pair about ever other things cannot learn the things
    by heart. A word comes from the training texts and looks like the one in its place: a number
    of as many digits, a word with a capital first, or one without. Scripts without spaces are
    hardly changed, since there a run of letters is a word, and two texts rarely share one.
    """

    Config = RenamedConfig

    def __init__(self, config: RenamedConfig, examples: Sequence[Example]) -> None:
        """EdgetextError where examples are of one text, or have spans in it."""
        other = next((e for e in examples if e.text_b is None or e.spans or e.nodes), None)
        if other is not None:
            raise EdgetextError(
                f"{other.source or 'a training example'}: augment of type renamed is for pairs of "
                "texts with a label, and this is none; remove it"
            )
        self.config = config
        self.examples = examples
        counts = Counter(word for e in examples for text in e.texts for word in _words(text))
        self.common = {word for word, _ in counts.most_common(config.common)}
        self.others: dict[str, list[str]] = {}
        for word in sorted(counts.keys() - self.common):
            self.others.setdefault(_looks(word), []).append(word)

    def __call__(self, rng: random.Random) -> list[Example]:
        return [self._renamed(example, rng) for example in self.examples]

    def _renamed(self, example: Example, rng: random.Random) -> Example:
        one, other = example.text, example.text_b or ""
        shared = set(_words(one)) & set(_words(other)) - self.common
        taken = set(_words(one)) | set(_words(other))
        names: dict[str, str] = {}
        # In one order, whatever that of a set is.
        for word in sorted(shared):
            if rng.random() < self.config.probability:
                name = rng.choice(self.others[_looks(word)])
                # Two words that became one would be another pair.
                if name not in taken:
                    names[word] = name
                    taken.add(name)

        def named(text: str) -> str:
            return _WORD.sub(lambda match: names.get(match[0], match[0]), text)

        texts = [named(one), named(other)]
        if rng.random() < self.config.exchange:
            texts.reverse()
        return replace(example, text=texts[0], text_b=texts[1])


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _looks(word: str) -> str:
    """What a word looks like: a digit for each of a number's, or whether a capital begins it."""
    if word.isdecimal():
        return "0" * len(word)
    return "A" if word[0].isupper() else "a"
