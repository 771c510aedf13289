"""The texts that are timed: as the data has them, or made to a number of bytes."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence

from edgetext.data.example import Example

# Texts a length cell takes turns with, so that no cache learns one by heart.
A_LENGTH = 8


def sample(examples: Sequence[Example], count: int, seed: int) -> list[Example]:
    """`count` examples drawn without replacement, in the data's order."""
    if count >= len(examples):
        return list(examples)
    chosen = sorted(random.Random(seed).sample(range(len(examples)), count))
    return [examples[i] for i in chosen]


def of_length(texts: Sequence[str], length: int, seed: int) -> list[str]:
    """A_LENGTH texts of exactly `length` bytes, of the data's own words.

    Texts are joined by spaces and cut; what a cut leaves of a character becomes spaces.
    """
    generator = random.Random(seed * 1009 + length)
    made = []
    for _ in range(A_LENGTH):
        data = b""
        while len(data) < length:
            text = generator.choice(texts).encode("utf-8").strip()
            data += (b" " if data else b"") + (text or b"a")
        cut = data[:length].decode("utf-8", "ignore").encode("utf-8")
        made.append(cut.ljust(length).decode("utf-8"))
    return made


def digest(examples: Sequence[Example]) -> str:
    """SHA-256 of texts and labels, in their order."""
    state = hashlib.sha256()
    for example in examples:
        spans = [(span.label, span.start, span.end) for span in example.spans]
        state.update(repr((example.text, example.intent, spans)).encode("utf-8", "replace"))
    return state.hexdigest()
