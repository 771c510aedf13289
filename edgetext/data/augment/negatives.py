"""Texts about nothing that labels say, made of the others: `augment` of type `negatives`."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.no_label import OUT_OF_SCOPE
from edgetext.registry import register

# How often a text of another label is looked for before any other will do.
_TRIES = 20


def _weight(weight: float, what: str) -> float:
    """Make the field of a kind of negatives."""
    field: float = Field(weight, ge=0, description=f"how much of them is {what}; beside the others")
    return field


class NegativesConfig(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_default=True)

    share: float = Field(0.1, gt=0, lt=1, description="share of the training texts made so")
    label: Literal["oos", "out_of_scope"] = Field("oos", description="the label that they get")
    mix: float = _weight(1.0, "the halves of two texts of different labels")
    words: float = _weight(0.0, "words of as many texts as there are words")
    drop: float = _weight(0.0, "a text without half of its words, in another order")

    @model_validator(mode="after")
    def _some(self) -> NegativesConfig:
        if not any(getattr(self, name) for name in KINDS):
            raise ValueError(f"no negatives are asked for; set one of {', '.join(KINDS)}")
        return self


class Pool:
    """Labeled texts as lists of words, and how words are joined again."""

    def __init__(self, examples: Sequence[Example]) -> None:
        """EdgetextError where an example is no text with one label, or all have the same."""
        for example in examples:
            if example.intent is None or example.intents is not None or example.text_b is not None:
                raise EdgetextError(
                    f"{example.source}: augment of type negatives makes texts of one label, and "
                    "this line is none; leave the augmentation out"
                )
        self.texts = [
            (str(e.intent), words)
            for e in examples
            if e.intent not in OUT_OF_SCOPE and (words := words_of(e.text))
        ]
        if len({label for label, _ in self.texts}) < 2:
            raise EdgetextError(
                "augment of type negatives mixes texts of different labels, and there are less "
                "than 2; leave the augmentation out"
            )

    def draw(self, rng: random.Random) -> list[str]:
        """Draw the words of a text."""
        return rng.choice(self.texts)[1]

    def pair(self, rng: random.Random) -> tuple[list[str], list[str]]:
        """Draw the words of two texts of different labels."""
        label, words = rng.choice(self.texts)
        for _ in range(_TRIES):
            other, others = rng.choice(self.texts)
            if other != label:
                break
        return words, others


def mixed(pool: Pool, rng: random.Random) -> list[str]:
    """Join the first half of a text to the second half of one of another label."""
    one, other = pool.pair(rng)
    return [*one[: (len(one) + 1) // 2], *other[len(other) // 2 :]]


def foreign(pool: Pool, rng: random.Random) -> list[str]:
    """Draw as many words as a text has, each from a text drawn anew."""
    return [rng.choice(pool.draw(rng)) for _ in pool.draw(rng)]


def thinned(pool: Pool, rng: random.Random) -> list[str]:
    """Take half of the words of a text, in another order."""
    words = pool.draw(rng)
    return rng.sample(words, (len(words) + 1) // 2)


KINDS: dict[str, Callable[[Pool, random.Random], list[str]]] = {
    "mix": mixed,
    "words": foreign,
    "drop": thinned,
}


@register("augmentation", "negatives")
class Negatives:
    """Give the examples and, anew in each epoch, some texts that are about none of their labels.

    Mixing two inputs for a text of no class is what Zhan et al. 2021 (arXiv:2106.08616, §3.2) do
    with hidden states; here it is words that are mixed, so that every network learns from it.
    """

    Config = NegativesConfig

    def __init__(self, config: NegativesConfig, examples: Sequence[Example]) -> None:
        """EdgetextError where examples have another label of this kind, or are no texts with one
        label of several."""
        other = next((x for x in OUT_OF_SCOPE if x != config.label), None)
        given = next((e for e in examples if e.intent == other), None)
        if given is not None:
            raise EdgetextError(
                f"{given.source}: the label {other} says already that a text is about nothing "
                f"known; set label: {other} in the augmentation negatives"
            )
        self.examples = examples
        self.label = config.label
        self.pool = Pool(examples)
        # A share of all, those among them.
        self.count = max(1, round(len(examples) * config.share / (1 - config.share)))
        self.kinds = list(KINDS.values())
        self.weights = [getattr(config, name) for name in KINDS]

    def added(self, rng: random.Random) -> list[Example]:
        """Make the negatives of an epoch."""
        chosen = rng.choices(self.kinds, self.weights, k=self.count)
        return [
            Example(joined(kind(self.pool, rng)), self.label, source=f"negative {number}")
            for number, kind in enumerate(chosen, 1)
        ]

    def __call__(self, rng: random.Random) -> list[Example]:
        return [*self.examples, *self.added(rng)]


def words_of(text: str) -> list[str]:
    """Part a text at its spaces, and one without any into its characters."""
    words = text.split()
    return words if len(words) > 1 else list(text.strip())


def joined(words: Sequence[str]) -> str:
    """Write words with spaces between, and characters without."""
    return ("" if all(len(word) == 1 for word in words) else " ").join(words)
