"""The texts that are timed: as the data has them, or made to a number of bytes."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence

from edgetext.data.example import Example

# Texts a length cell takes turns with, so that no cache learns one by heart.
A_LENGTH = 8


# What a model is asked: one text, or as many as its task reads.
Question = str | Sequence[str]


def question(example: Example) -> Question:
    """What an example asks."""
    return example.text if example.text_b is None else example.texts


def parts(asked: Question) -> Sequence[str]:
    """The texts of a question."""
    return (asked,) if isinstance(asked, str) else asked


def questions(examples: Sequence[Example]) -> list[Question]:
    """What the examples ask that are not empty; one letter where all are."""
    return [question(e) for e in examples if e.text.strip()] or ["a"]


def sample(examples: Sequence[Example], count: int, seed: int) -> list[Example]:
    """`count` examples drawn without replacement, in the data's order."""
    if count >= len(examples):
        return list(examples)
    chosen = sorted(random.Random(seed).sample(range(len(examples)), count))
    return [examples[i] for i in chosen]


def of_length(asked: Sequence[Question], length: int, seed: int) -> list[Question]:
    """A_LENGTH questions whose texts have exactly `length` bytes each, of the data's own words.

    Texts are joined by spaces and cut; what a cut leaves of a character becomes spaces.
    """
    generator = random.Random(seed * 1009 + length)
    questions: list[Question] = []
    for _ in range(A_LENGTH):
        count = len(parts(asked[0]))
        texts = [_joined(asked, length, generator) for _ in range(count)]
        questions.append(texts if count > 1 else texts[0])
    return questions


def _joined(asked: Sequence[Question], length: int, generator: random.Random) -> str:
    data = b""
    while len(data) < length:
        text = generator.choice(parts(generator.choice(asked))).encode("utf-8").strip()
        data += (b" " if data else b"") + (text or b"a")
    cut = data[:length].decode("utf-8", "ignore").encode("utf-8")
    return cut.ljust(length).decode("utf-8")


def digest(examples: Sequence[Example]) -> str:
    """SHA-256 of texts and labels, in their order."""
    state = hashlib.sha256()
    for example in examples:
        spans = [(span.label, span.start, span.end) for span in example.spans]
        nodes = [(node.label, node.start, node.end) for node in example.nodes]
        more = [x for x in (nodes, example.references, example.text_b) if x]
        known = (example.text, example.intent, spans, *more)
        state.update(repr(known).encode("utf-8", "replace"))
    return state.hexdigest()
