"""What makes the probabilities of a trained classifier those that come true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a network's scores of labels are changed before they become probabilities.

    temperature: what they are divided by (Guo et al. 2017, §4.2). outside: the label of texts that
    are about none of the others; None where nothing is said of it. score: what is added to its
    score; or, where no score is its own (`added`), that score itself: a text has that label when
    all others have less (Liu et al. 2020, §3.1, whose energy its probability falls with).
    """

    temperature: float = 1.0
    outside: str | None = None
    score: float = 0.0
    added: bool = False

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """Read what `as_dict` gives."""
        return cls(
            float(fields["temperature"]),
            fields.get("outside"),
            float(fields.get("score", 0.0)),
            bool(fields.get("added", False)),
        )

    def as_dict(self) -> dict[str, Any]:
        """Give the JSON object that a checkpoint holds."""
        outside = {"outside": self.outside, "score": self.score, "added": self.added}
        return {"temperature": self.temperature, **(outside if self.outside is not None else {})}

    def names(self, labels: Sequence[str]) -> list[str]:
        """Give the labels that a model answers, of those that its network has scores of."""
        return [*labels, *([self.outside] if self.added and self.outside is not None else [])]

    def raised(self, labels: Sequence[str]) -> list[float] | None:
        """Give what is added to the score of each label; None where nothing is."""
        if self.added or self.outside is None:
            return None
        return [self.score if label == self.outside else 0.0 for label in labels]

    def outside_number(self, labels: Sequence[str]) -> int | None:
        """Give the place of `outside` among the labels that a model answers (see `names`); None
        where there is no such."""
        return None if self.outside is None else self.names(labels).index(self.outside)

    @property
    def beside(self) -> float | None:
        """The score of the label that the network has none of; None where there is no such."""
        return self.score if self.added else None
