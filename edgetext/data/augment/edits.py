"""Texts that are changed in places, whose spans, nodes and sentences move with their characters."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from edgetext.data.example import Example, Node, Sentence, Span

# Marks that stand on the letter before them: no letters to `re`, and no end of a word either.
_MARKS = "".join(chr(c) for c in range(0x300, 0x10000) if unicodedata.category(chr(c))[0] == "M")
WORD = re.compile(rf"\w[\w{_MARKS}]*(?:['’]\w[\w{_MARKS}]*)*")


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Characters `start` to `end` of a text, at least one, and what comes in their place."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and the ranges of it that are labeled, (start, end) in characters."""

    text: str
    ranges: tuple[tuple[int, int], ...] = ()

    @property
    def boundaries(self) -> set[int]:
        """The places where a range begins or ends."""
        return {place for both in self.ranges for place in both}

    def words(self) -> list[tuple[int, int]]:
        """The words' (start, end); an apostrophe within one is a part of it."""
        return [match.span() for match in WORD.finditer(self.text)]


# A text, how much of it changes (0 to 1), and random numbers -> what changes.
Change = Callable[[Marked, float, random.Random], list[Edit]]


def changed(example: Example, change: Change, amount: float, rng: random.Random) -> Example:
    """Give the example with its texts changed, where that harms no range (see `settled`).

    Spans, nodes and sentences stand in the last of its texts.
    """
    if example.text_b is not None:
        first = Marked(example.text)
        edits = settled(first, change(first, amount, rng))
        example = replace(example, text=_rewritten(example.text, edits))
    text = example.texts[-1]
    places = list(accumulate((len(c.encode("utf-8")) for c in text), initial=0))
    character = {place: number for number, place in enumerate(places)}
    parts: list[Span | Node | Sentence] = [*example.spans, *example.nodes, *example.sentences]
    ranges = tuple((character[part.start], character[part.end]) for part in parts)
    marked = Marked(text, ranges)
    edits = settled(marked, change(marked, amount, rng))
    if not edits:
        return example
    rewritten = _rewritten(text, edits)
    bytes_of = list(accumulate((len(c.encode("utf-8")) for c in rewritten), initial=0))
    moved = [(bytes_of[a], bytes_of[b]) for a, b in _moved(marked.ranges, edits)]
    spans = tuple(
        Span(span.label, *place) for span, place in zip(example.spans, moved, strict=False)
    )
    moved = moved[len(spans) :]
    nodes = tuple(
        Node(node.label, *place, node.depth)
        for node, place in zip(example.nodes, moved, strict=False)
    )
    moved = moved[len(nodes) :]
    sentences = tuple(
        Sentence(*place, sentence.score)
        for sentence, place in zip(example.sentences, moved, strict=True)
    )
    texts = {"text": rewritten} if example.text_b is None else {"text_b": rewritten}
    return replace(example, **texts, spans=spans, nodes=nodes, sentences=sentences)  # type: ignore[arg-type]


def settled(marked: Marked, edits: Sequence[Edit]) -> list[Edit]:
    """Give the edits that may be made, in order.

    Left out are those that overlap an earlier one, that go over the edge of a range, and those in
    or beside a range that they would leave without a word, with a blank at its edge, or with an
    edge within a word, where it was otherwise.
    """
    boundaries = sorted(marked.boundaries)
    kept: list[Edit] = []
    for edit in sorted(edits):
        overlaps = bool(kept) and edit.start < kept[-1].end
        if not overlaps and not any(edit.start < place < edit.end for place in boundaries):
            kept.append(edit)
    while kept:
        text = _rewritten(marked.text, kept)
        harmed = [
            old
            for old, new in zip(marked.ranges, _moved(marked.ranges, kept), strict=True)
            if _state(text, *new) != _state(marked.text, *old)
        ]
        if not harmed:
            break
        fewer = [e for e in kept if not any(e.end >= a and e.start <= b for a, b in harmed)]
        assert len(fewer) < len(kept), "a range that no edit touches stays as it is"
        kept = fewer
    return kept


def _state(text: str, start: int, end: int) -> tuple[bool, ...]:
    """What no edit changes of a range: whether it has a word, blanks at its edges, and whether
    these stand within a word."""
    value = text[start:end]
    return (
        WORD.search(value) is not None,
        bool(value.strip()),
        value[:1].isspace(),
        value[-1:].isspace(),
        _within_word(text, start),
        _within_word(text, end),
    )


def _within_word(text: str, place: int) -> bool:
    around = text[max(0, place - 1) : place + 1]
    return len(around) == 2 and place > 0 and all(WORD.match(c) for c in around)


def _rewritten(text: str, edits: Sequence[Edit]) -> str:
    pieces, read = [], 0
    for edit in edits:
        pieces += [text[read : edit.start], edit.text]
        read = edit.end
    return "".join([*pieces, text[read:]])


def _moved(ranges: Sequence[tuple[int, int]], edits: Sequence[Edit]) -> list[tuple[int, int]]:
    """Where ranges are after the edits, none of which goes over an edge."""

    def place(old: int) -> int:
        return old + sum(len(e.text) - (e.end - e.start) for e in edits if e.end <= old)

    return [(place(start), place(end)) for start, end in ranges]
