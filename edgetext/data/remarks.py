"""What reading left out or mended, counted by its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from edgetext.data.example import Example


@dataclass(slots=True)
class Remarks:
    """How often each remark was made, and the "file:line" of the first."""

    counts: Counter[str] = field(default_factory=Counter)
    firsts: dict[str, str] = field(default_factory=dict)

    def add(self, remark: str, source: str) -> None:
        """Count a remark once."""
        self.counts[remark] += 1
        self.firsts.setdefault(remark, source)

    def of_example(self, example: Example) -> None:
        """Count the remarks of an example."""
        for remark in example.remarks:
            self.add(remark, example.source)

    def lines(self) -> Iterator[str]:
        """Give a line for each remark, in the order in which they were first made."""
        for remark, first in self.firsts.items():
            yield f"{self.counts[remark]:,} {remark}; the first: {first}"
