"""Texts as people really type them: typos, other case, noise; spans move with their bytes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from edgetext.data.example import Example, Span

# Neighbours on a QWERTY keyboard.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
NEIGHBOURS = {
    letter: "".join(
        row[max(0, i + step) : i + step + 1]
        for row in (line, *(other for other in _ROWS if other is not line))
        for step in (-1, 1)
        if 0 <= i + step < len(row)
    )
    for line in _ROWS
    for i, letter in enumerate(line)
}
TYPOS = 0.03  # of the letters
NOISE = 0.05  # of the places between characters
# What speech recognition, copying and thumbs leave behind.
STRAY = (" ", ",", ".", "!", "  ", "\u200b", "…", "🙂")

# One character to what takes its place; the random numbers are the text's own.
Change = Callable[[str, random.Random], str]


def _typo(character: str, generator: random.Random) -> str:
    lower = character.lower()
    if lower not in NEIGHBOURS or generator.random() >= TYPOS:
        return character
    wrong = generator.choice(NEIGHBOURS[lower])
    # Left out, doubled, or the key beside it.
    return generator.choice(("", character + character, wrong))


def _upper(character: str, generator: random.Random) -> str:
    return character.upper()


def _stray(character: str, generator: random.Random) -> str:
    return character + generator.choice(STRAY) if generator.random() < NOISE else character


KINDS: dict[str, Change] = {"typos": _typo, "upper case": _upper, "stray characters": _stray}


CANNOT = "what is asked for stands in the text itself, so a disturbed text has another answer"


def can_disturb(examples: Sequence[Example]) -> bool:
    """Whether the examples' answers stay what they are when their text is disturbed."""
    return not any(example.references for example in examples)


def disturbed(examples: Sequence[Example], kind: str, seed: int) -> list[Example]:
    """The examples under one of KINDS, or "none". Equal for equal seeds, whatever their order."""
    if kind == "none":
        return list(examples)
    change = KINDS[kind]
    return [_changed(e, change, random.Random(f"{seed} {kind} {e.text}")) for e in examples]


def _changed(example: Example, change: Change, generator: random.Random) -> Example:
    """A span that loses all its characters is dropped."""
    starts, ends = {0: 0}, {0: 0}
    before = after = 0
    pieces = []
    for character in example.text:
        new = change(character, generator)
        pieces.append(new)
        starts[before] = after
        before += len(character.encode("utf-8", "replace"))
        # What was put behind the character stays outside a span that ends with it.
        body = new[: len(new) - len(_tail(character, new))]
        ends[before] = after + len(body.encode("utf-8", "replace"))
        after += len(new.encode("utf-8", "replace"))
    spans = [Span(s.label, starts[s.start], ends[s.end]) for s in example.spans if s.end > s.start]
    kept = tuple(span for span in spans if span.end > span.start)
    # A tree keeps all its nodes: one that has lost its characters is a miss.
    nodes = tuple(replace(n, start=starts[n.start], end=ends[n.end]) for n in example.nodes)
    return replace(example, text="".join(pieces), spans=kept, nodes=nodes)


def _tail(character: str, new: str) -> str:
    rest = new.removeprefix(character)
    return rest if rest != new and rest in STRAY else ""
