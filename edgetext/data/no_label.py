"""Labels that say that there is none, or that it is none of the others."""

from __future__ import annotations

from edgetext.data.example import Example, LeftOut

# "-" in SNLI and MultiNLI, where the annotators did not agree; -1 where tools wrote it as a number.
_OF_PAIRS = ("-", "-1")
# Values that tools write where a cell is empty, in small letters.
NO_LABEL = frozenset({"", "-", "-1", "?", "nan", "null", "n/a", "<na>"})
# Intents that mean "none of the others", by the names that public data sets give them.
OUT_OF_SCOPE = ("oos", "out_of_scope")


def judged(pair: Example) -> Example | LeftOut:
    """Give a pair of texts, or say that it is left out where its label is that of none."""
    if pair.intent in _OF_PAIRS:
        return LeftOut(f"pairs left out, whose label {pair.intent!r} is none", pair.source)
    return pair
