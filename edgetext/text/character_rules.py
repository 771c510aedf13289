"""What becomes of each Unicode character, kept for a quarter of a million of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Self

import numpy as np

DROP, SPACE, ISOLATED, WORD = range(4)
# The kind of a character that has no rule of its kind alone.
NONE = 255
# One more than the last code point.
END = 0x110000


class CharacterRule(NamedTuple):
    """kind is DROP, SPACE, ISOLATED (a word of its own) or WORD; text is what replaces it."""

    kind: int
    text: str


class CharacterRules(Mapping[int, CharacterRule]):
    """Code point → rule. Nearly all characters that have one stay as they are.

    kinds: uint8[END], the kind of those, and NONE of all others; changed: code point → rule of
    those that something else replaces.
    """

    def __init__(self, kinds: np.ndarray, changed: Mapping[int, CharacterRule]) -> None:
        self.kinds = kinds
        self.changed = changed

    @classmethod
    def of(cls, rules: Mapping[int, tuple[int, str]]) -> Self:
        """Keep the rules of a dictionary."""
        kinds = np.full(END, NONE, np.uint8)
        plain = {point: kind for point, (kind, text) in rules.items() if text == chr(point)}
        kinds[list(plain)] = list(plain.values())
        changed = {p: CharacterRule(*rule) for p, rule in rules.items() if p not in plain}
        return cls(kinds, changed)

    def __getitem__(self, point: int) -> CharacterRule:
        if point in self.changed:
            return self.changed[point]
        kind = int(self.kinds[point]) if 0 <= point < END else NONE
        if kind == NONE:
            raise KeyError(point)
        return CharacterRule(kind, chr(point))

    def __contains__(self, point: object) -> bool:
        return point in self.changed or (
            isinstance(point, int) and 0 <= point < END and bool(self.kinds[point] != NONE)
        )

    def __iter__(self) -> Iterator[int]:
        yield from np.flatnonzero(self.kinds != NONE).tolist()
        yield from self.changed

    def __len__(self) -> int:
        return int(np.count_nonzero(self.kinds != NONE)) + len(self.changed)

    def plain(self, kind: int) -> np.ndarray:
        """List the characters of a kind that stay as they are: int64[k], ascending."""
        return np.flatnonzero(self.kinds == kind)

    def texts(self, kind: int) -> set[str]:
        """List what is read in the place of the characters of a kind."""
        texts = set(map(chr, self.plain(kind).tolist()))
        return texts.union(rule.text for rule in self.changed.values() if rule.kind == kind)

    def replaced(self, points: Iterable[int], by: Mapping[int, CharacterRule]) -> Self:
        """Leave out the rules of some code points, and then add others, behind those there are."""
        removed = list(points)
        kinds = self.kinds.copy()
        kinds[removed] = NONE
        gone = set(removed)
        kept = {point: rule for point, rule in self.changed.items() if point not in gone}
        return type(self)(kinds, {**kept, **by})
