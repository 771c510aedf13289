"""Look-alikes and hidden characters in bytes: what hashed words are read as in their place.

Each is the same few bytes in every text, so a trie over the bytes finds it. A letter becomes one
byte, and what nobody sees becomes none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from edgetext.text.look_alikes import INVISIBLE, folds
from edgetext.text.marks import BYTE_VALUES
from edgetext.text.symbols import NO_CONTINUATION

# A row of the trie has a state for each byte that goes on with a character, and one for all else.
_ROW = NO_CONTINUATION + 1
_FIRST_CONTINUATION = 0x80
# What a folded character counts, by its bytes. Looked at from 1, 2 and 3 bytes on as the whole, a
# half and a quarter of it, that is 1 or more on its other bytes, and below that behind it.
_COUNTS = {2: 1.0, 3: 2.0, 4: 4.0}
REACH = (1.0, 0.5, 0.25)


@dataclass(frozen=True)
class FoldingTables:
    """root, trie: see text.symbols.ByteTables; here a code is a byte or mark that stays what it is,
    or one of the folded characters.

    value uint8 or int64[codes]: what is read; counts float32[codes, 2]: whether nothing is, and
    what tells that the bytes behind belong to it.
    """

    root: np.ndarray
    trie: np.ndarray
    value: np.ndarray
    counts: np.ndarray


@dataclass(frozen=True)
class Folding:
    """Reads look-alikes as the letters of ASCII, and hidden characters as nothing.

    own_scripts: those of which letters stay what they are.
    """

    own_scripts: tuple[str, ...]

    @classmethod
    def of(cls, header: Mapping[str, Any]) -> Self | None:
        """Read what `to_header` gave; None where nothing is folded."""
        return cls(tuple(header["own_scripts"])) if header.get("look_alikes") else None

    def to_header(self) -> dict[str, Any]:
        """Give it as JSON values."""
        return {"look_alikes": True, "own_scripts": list(self.own_scripts)}

    @cached_property
    def replaced(self) -> Mapping[str, str]:
        """Character → a letter or digit of ASCII, or nothing."""
        return {**folds(self.own_scripts), **dict.fromkeys(INVISIBLE, "")}

    def __call__(self, text: str) -> tuple[bytes, np.ndarray]:
        """Give the bytes that are read, and where each, and their end, stands in those of the
        text, int64[k + 1]."""
        content = text.encode("utf-8", "replace")
        if text.isascii():
            return content, np.arange(len(content) + 1)
        parts: list[bytes] = []
        origin: list[int] = []
        place = 0
        for character in text:
            own = character.encode("utf-8", "replace")
            read = self.replaced[character].encode() if character in self.replaced else own
            parts.append(read)
            origin += range(place, place + len(read))
            place += len(own)
        return b"".join(parts), np.array([*origin, place])

    def tables(self) -> FoldingTables:
        """Lay out what the graph reads."""
        kinds: dict[tuple[str, int], int] = {}
        nodes: dict[int, Any] = {}
        for character, letter in sorted(self.replaced.items()):
            lead, *others, last = character.encode("utf-8")
            code = kinds.setdefault((letter, len(others) + 2), BYTE_VALUES + len(kinds))
            node = nodes.setdefault(lead, {})
            for byte in others:
                node = node.setdefault(byte, {})
            node[last] = code
        value = [*range(BYTE_VALUES), *(ord(letter or " ") for letter, _ in kinds)]
        counts = np.zeros((len(value), 2), np.float32)
        for (letter, size), code in kinds.items():
            counts[code] = (letter == "", _COUNTS[size])
        rows = _Rows(len(value))
        root = np.arange(BYTE_VALUES)
        for lead, node in sorted(nodes.items()):
            root[lead] = rows.add(node, lead)
        return FoldingTables(root, rows.trie(), np.array(value), counts)


class _Rows:
    """The rows of the trie, each distinct one once and those below a row before it."""

    def __init__(self, codes: int) -> None:
        self._first_state = codes + _ROW
        self._states: dict[bytes, int] = {}

    def add(self, node: Mapping[int, Any], lead: int) -> int:
        """Add byte → code or node, and give the state: bytes of which nothing is folded are read
        as they are, the first as `lead`."""
        row = np.full(_ROW, lead)
        for byte, below in node.items():
            state = below if isinstance(below, int) else self.add(below, lead)
            row[byte - _FIRST_CONTINUATION] = state
        return self._states.setdefault(row.tobytes(), self._first_state + _ROW * len(self._states))

    def trie(self) -> np.ndarray:
        """Give int64[entries], as ByteTables has it."""
        rows: Sequence[np.ndarray] = [np.frombuffer(row, np.int64) for row in self._states]
        above = self._first_state + _ROW * len(rows)
        return np.concatenate([np.full(self._first_state, above), *rows])
