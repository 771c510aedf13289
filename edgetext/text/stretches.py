"""Texts cut a stretch between spaces at a time, each of which is cut once."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from edgetext.text.encoding import Encoding

# Kept at a time, in some 15 MB: a training set of ten thousand short texts has about as many.
MOST = 2**15
# Characters of the longest stretch that is kept: what is longer seldom comes twice, as a sentence
# of a script without spaces.
LONGEST = 32


class Stretch(NamedTuple):
    """What stands between two spaces, as pieces: lists where an Encoding has arrays, without the
    mark before the text. width: its bytes. mark: where a mark before it ends, which is behind what
    nobody reads."""

    ids: list[int]
    first: list[bool]
    start: list[int]
    end: list[int]
    width: int
    mark: int


class Stretches:
    """The stretches between spaces that one way of cutting has cut, by their characters.

    Most words of a training set come again and again, and with every epoch whose texts are made up
    anew. A space must end a word in that way of cutting, and change nothing on its other side.
    """

    def __init__(self) -> None:
        self._known: dict[str, Stretch] = {}

    def __len__(self) -> int:
        return len(self._known)

    def encode(self, text: str, mark: int, cut: Callable[[str], Encoding]) -> Encoding:
        """Give what `cut` makes of a whole text.

        cut: always the same; it puts `mark` before a text, from byte 0 on, and none after it.
        """
        known = self._known
        ids, first, start, end, at = [mark], [False], [0], [0], 0
        for characters in text.split(" "):
            stretch = known.get(characters) or self._cut(characters, cut)
            if not at:
                end[0] = stretch.mark
            ids += stretch.ids
            first += stretch.first
            start += [at + place for place in stretch.start]
            end += [at + place for place in stretch.end]
            at += stretch.width + 1
        return Encoding(
            ids=np.array(ids, np.int64),
            first=np.array(first, bool),
            start=np.array(start, np.int32),
            end=np.array(end, np.int32),
        )

    def _cut(self, characters: str, cut: Callable[[str], Encoding]) -> Stretch:
        """Cut a stretch, and keep it unless it is long."""
        encoding = cut(characters)
        stretch = Stretch(
            encoding.ids[1:].tolist(),
            encoding.first[1:].tolist(),
            encoding.start[1:].tolist(),
            encoding.end[1:].tolist(),
            len(characters.encode("utf-8", "replace")),
            int(encoding.end[0]),
        )
        if len(characters) <= LONGEST:
            if len(self._known) == MOST:
                # Words that are frequent are soon there again.
                self._known.clear()
            self._known[characters] = stretch
        return stretch
