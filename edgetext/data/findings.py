"""What was found to be wrong with data, in words that name lines."""

from __future__ import annotations

from dataclasses import dataclass, field

from edgetext.data.example import Example

SHOWN = 10


@dataclass(slots=True)
class Findings:
    """A count and the first of what was found."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, line: str) -> None:
        """Count a finding, and keep its line where it is among the first."""
        self.count += 1
        if len(self.first) < SHOWN:
            self.first.append(line)


def quoted(example: Example) -> str:
    """Quote the text of an example, or its two."""
    return " with ".join(map(repr, example.texts))
