"""The kinds of noise by name, and texts that are noised by several of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from edgetext.core.errors import EdgetextError
from edgetext.core.nearest import nearest
from edgetext.data.augment import homoglyphs, keyboard
from edgetext.data.augment.edits import Change, changed
from edgetext.data.augment.speech import Homophones, heard
from edgetext.data.example import Example


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of noise.

    amount: how much there is where nobody says it, 0 to 1. of: what that is a share of. changes:
    what it does, from the homophones of the texts. per_text: whether a text has all of it or none.
    """

    amount: float
    of: str
    changes: Callable[[Homophones], Sequence[Change]]
    per_text: bool = False


# In the order in which a text meets them: speech comes before what keyboards do to its letters.
KINDS: Mapping[str, Kind] = {
    "asr": Kind(1.0, "the texts, as speech recognition writes English", heard, per_text=True),
    "punctuation": Kind(1.0, "the punctuation marks, left out", lambda _: (keyboard.punctuation,)),
    "case": Kind(1.0, "the texts, in other case", lambda _: (keyboard.case,)),
    "accents": Kind(1.0, "the words with accents, without them", lambda _: (keyboard.accents,)),
    "typo": Kind(0.1, "the words, with a slip on the keyboard", lambda _: (keyboard.typos,)),
    "homoglyph": Kind(
        0.1, "the words, one letter of another script", lambda _: (homoglyphs.homoglyphs,)
    ),
    "hidden": Kind(0.1, "the words, a character in them unseen", lambda _: (homoglyphs.hidden,)),
}


def parse_noise(text: str) -> dict[str, float]:
    """Read "typo:0.1,case" as {"case": 1.0, "typo": 0.1}, in the order of KINDS.

    EdgetextError for another name, with the nearest, for an amount that is not above 0 and at most
    1, and for a name given twice.
    """
    amounts: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, colon, amount = part.partition(":")
        if name not in KINDS:
            raise EdgetextError(
                f"noise {name} is unknown{nearest(name, KINDS)} (known: {', '.join(KINDS)})"
            )
        if name in amounts:
            raise EdgetextError(f"noise {name} is named twice; leave one out")
        amounts[name] = _amount(name, amount) if colon else KINDS[name].amount
    if not amounts:
        raise EdgetextError(f"no noise is named; give some of {', '.join(KINDS)}")
    return {name: amounts[name] for name in KINDS if name in amounts}


def _amount(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value <= 1:
        raise EdgetextError(
            f"noise {name}:{text}: the amount is a share of {KINDS[name].of}, above 0 and at most "
            f"1, as {name}:{KINDS[name].amount:g}"
        )
    return value


class Noiser:
    """Noises examples.

    amounts: by kind; `texts`: those whose words are confused where they sound alike.
    """

    def __init__(self, amounts: Mapping[str, float], texts: Iterable[str]) -> None:
        homophones = Homophones(texts if "asr" in amounts else ())
        self.steps = [
            (kind.per_text, tuple(kind.changes(homophones)), amounts[name])
            for name, kind in KINDS.items()
            if amounts.get(name)
        ]

    def __call__(self, example: Example, rng: random.Random) -> Example:
        """Give the example with its texts noised, its spans and nodes where they are then."""
        for per_text, changes, amount in self.steps:
            if per_text and rng.random() >= amount:
                continue
            for change in changes:
                example = changed(example, change, 1.0 if per_text else amount, rng)
        return example


def noised(examples: Sequence[Example], amounts: Mapping[str, float], seed: int) -> list[Example]:
    """Noise each example, the same for the same seed and text wherever it stands among others.

    EdgetextError where answers are texts of their own, which would be other ones then.
    """
    check_noisable(examples)
    noiser = Noiser(amounts, (text for example in examples for text in example.texts))
    return [noiser(e, random.Random(f"{seed} {' '.join(e.texts)}")) for e in examples]


def check_noisable(examples: Sequence[Example]) -> None:
    """EdgetextError where an example's answer is a text of its own."""
    for example in examples:
        if example.references:
            raise EdgetextError(
                f"{example.source}: what is asked for stands in the text itself, so a noised text "
                "has another answer; noise is for labels, spans and trees"
            )
