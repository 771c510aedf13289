"""What the labeled spans of a data set tell of the recipe that suits it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from edgetext.data.example import Example

# How much more often a word begins with a capital in a span than outside, where capitals tell.
_MORE_OFTEN = 0.3
# Of all spans, how many must have a value that no other has, for others' values to teach anything.
_UNIQUE = 0.1


def capitals_tell(examples: Sequence[Example]) -> bool:
    """Tell whether words begin with capitals much more often in labeled spans than outside.

    A text's first word does not count, since a sentence begins with a capital whatever it says.
    """
    if not any(example.spans for example in examples):
        return False
    counts: Counter[tuple[bool, bool]] = Counter()
    for example in examples:
        raw = example.text.encode("utf-8")
        at = 0
        for number, word in enumerate(raw.split()):
            at = raw.index(word, at)
            first = word.decode("utf-8", "ignore")[:1]
            if number and first.isalpha():
                inside = any(span.start <= at < span.end for span in example.spans)
                counts[inside, first.isupper()] += 1
            at += len(word)
    shares = []
    for inside in (True, False):
        words = counts[inside, True] + counts[inside, False]
        shares.append(counts[inside, True] / words if words else 0.0)
    return shares[0] > shares[1] + _MORE_OFTEN


def values_are_open(examples: Sequence[Example]) -> bool:
    """Tell whether many spans have a value of their own, as names have, so that those to come will
    be new, too."""
    values: Counter[tuple[str, bytes]] = Counter()
    for example in examples:
        raw = example.text.encode("utf-8")
        values.update((span.label, raw[span.start : span.end]) for span in example.spans)
    unique = sum(count == 1 for count in values.values())
    return unique > _UNIQUE * values.total()
