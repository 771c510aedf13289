"""What may be wrong with the texts of a data set by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from edgetext.data.example import Example
from edgetext.data.findings import Findings, quoted

_NAMES = {"\n": "a line end", "\r": "a line end", "\t": "a tab"}
# Marks that stand between cells, where nearly every text has one.
_DELIMITERS = ("\t", ";", "|")


def find_odd_texts(examples: Sequence[Example], odd: Findings) -> None:
    """Find texts with a line end or a tab in them, and marks that nearly all texts have."""
    for example in examples:
        mark = next((mark for mark in _NAMES if any(mark in text for text in example.texts)), None)
        if mark is not None:
            odd.add(f"{example.source}: {quoted(example):.80} holds {_NAMES[mark]}")
    for mark in _DELIMITERS:
        count = sum(mark in example.text for example in examples)
        if len(examples) > 1 and 10 * count >= 9 * len(examples):
            odd.add(
                f"{count:,} of {len(examples):,} texts hold {_NAMES.get(mark, mark)}; if it stands "
                "between cells, say it with --delimiter"
            )
