"""What may be wrong with the texts of a data set by themselves."""

from __future__ import annotations

from edgetext.data.example import Example
from edgetext.data.findings import Findings, quoted

_NAMES = {"\n": "a line end", "\r": "a line end", "\t": "a tab"}
# Marks that stand between cells, where nearly every text has one.
_DELIMITERS = ("\t", ";", "|")


class OddTexts:
    """Finds texts with a line end or a tab in them, and marks that nearly all texts have."""

    def __init__(self, odd: Findings) -> None:
        self.odd = odd
        self.count = 0
        self.with_mark = dict.fromkeys(_DELIMITERS, 0)

    def add(self, example: Example) -> None:
        """Look at an example."""
        self.count += 1
        mark = next((mark for mark in _NAMES if any(mark in text for text in example.texts)), None)
        if mark is not None:
            self.odd.add(f"{example.source}: {quoted(example):.80} holds {_NAMES[mark]}")
        for delimiter in _DELIMITERS:
            self.with_mark[delimiter] += delimiter in example.text

    def finish(self) -> None:
        """Find the marks, when all examples were looked at."""
        for mark, count in self.with_mark.items():
            if self.count > 1 and 10 * count >= 9 * self.count:
                self.odd.add(
                    f"{count:,} of {self.count:,} texts hold {_NAMES.get(mark, mark)}; if it "
                    "stands between cells, say it with --delimiter"
                )
