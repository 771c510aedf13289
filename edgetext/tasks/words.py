"""Byte spans as BIO tags at words, and back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from edgetext.data.example import Example, Node, Span

if TYPE_CHECKING:
    from edgetext.text.encoding import Encoding
    from edgetext.text.tokenization import Tokenization

# The target at pieces that no loss looks at; torch's cross_entropy skips it by default.
IGNORE = -100


def tag_names(examples: Sequence[Example]) -> list[str]:
    """["O", "B-x", "I-x", ...] of the spans' labels, sorted; ["O"] when there is no span."""
    slots = sorted({span.label for e in examples for span in e.spans})
    return ["O", *(f"{prefix}-{slot}" for slot in slots for prefix in "BI")]


def slot_names(tags: Sequence[str]) -> list[str]:
    """The labels that tags in the order of `tag_names` stand for, as spans count them."""
    return [tag.removeprefix("B-") for tag in tags[1::2]]


def align(example: Example, encoding: Encoding, tag_ids: Mapping[str, int]) -> np.ndarray:
    """int64[T]: the BIO tag at each word's first piece, IGNORE at the others.

    A span that begins or ends inside a word covers that whole word; see `cut_words`.
    """
    # Lists, since an array of a few words costs more than what is done with it.
    firsts = [place for place, first in enumerate(encoding.first.tolist()) if first]
    tags = [IGNORE] * len(encoding.ids)
    for place in firsts:
        tags[place] = tag_ids["O"]
    start, end = (bounds.tolist() for bounds in (encoding.start, encoding.end))
    # Both ascend, since words stand in the order of the text.
    starts = [start[place] for place in firsts]
    ends = [end[following - 1] for following in [*firsts[1:], len(end)]]
    for span in example.spans:
        inside = firsts[bisect_right(ends, span.start) : bisect_left(starts, span.end)]
        if inside:
            begin, going = _tags_of(span.label, tag_ids)
            tags[inside[0]] = begin
            for place in inside[1:]:
                tags[place] = going
    return np.array(tags, np.int64)


def _tags_of(label: str, tag_ids: Mapping[str, int]) -> tuple[int, int]:
    """The tags of a span's first word and of the others, which a model that was imported may have
    without one of the prefixes, or without both."""
    known = [tag_ids[tag] for tag in (f"B-{label}", f"I-{label}", label) if tag in tag_ids]
    return known[0], known[min(1, len(known) - 1)]


def word_bounds(encoding: Encoding) -> tuple[np.ndarray, np.ndarray]:
    """int32[W] start and end bytes of each word; a word ends where its last piece ends."""
    firsts = np.flatnonzero(encoding.first)
    last = np.append(firsts, len(encoding.ids))[1:] - 1
    return encoding.start[firsts], encoding.end[last]


def cut_words(examples: Sequence[Example], vocabulary: Tokenization) -> list[str]:
    """One line for each gold span that begins or ends inside a word.

    Tags stand at words, so no model can find such a span; it counts as a miss.
    """
    problems = []
    for example in examples:
        if not example.spans and not example.nodes:
            continue
        text = example.texts[-1]
        start, end = word_bounds(vocabulary.encode(text))
        starts, ends = set(start.tolist()), set(end.tolist())
        pieces: list[Span | Node] = [*example.spans, *example.nodes]
        for span in pieces:
            if span.start not in starts or span.end not in ends:
                found = text.encode("utf-8")[span.start : span.end].decode("utf-8", "replace")
                problems.append(
                    f"{example.source}: the {span.label} span {found!r} "
                    f"({span.start}:{span.end}) begins or ends inside a word"
                )
    return problems
