"""Added tokens where they stand in a text, as a tensor program."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from edgetext.text.ahead import LookAhead
from edgetext.text.imported.added import AddedToken, any_overlap
from edgetext.text.imported.alone import WordsBeside
from edgetext.text.imported.settling import settled
from edgetext.text.marks import BYTE_VALUES, WITHIN_BYTE
from edgetext.text.narrow import NarrowTables

# What `lstrip` and `rstrip` take: White_Space of Unicode, as Rust's regular expressions have it.
BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
BLANKS += "".join(map(chr, range(0x2000, 0x200B)))
# A text of more bytes than 2 to the power of this has tokens where ExecuTorch does not look.
_DOUBLINGS = 14


def searches(
    tokens: Sequence[AddedToken],
    *,
    widen: bool,
    values: int,
    apart: bool = False,
    blank: int | None = None,
) -> list[AddedTokens]:
    """Make what finds a tokenizer's tokens, one after the other: those that are late come second,
    but where both can be found at once, unless they must be apart. For the others see AddedTokens.
    """
    marks = list(range(1, len(tokens) + 1))
    # What a token that is found first leaves over has nothing beside it there.
    strips = any(token.lstrip or token.rstrip or token.alone for token in tokens)
    mixed = len({token.late for token in tokens}) > 1
    if mixed and (apart or strips or any_overlap([token.content for token in tokens])):
        parts = [[m for m in marks if tokens[m - 1].late == late] for late in (False, True)]
    else:
        parts = [marks] if marks else []
    return [
        AddedTokens([tokens[m - 1] for m in part], part, widen=widen, values=values, blank=blank)
        for part in parts
    ]


class AddedTokens(NarrowTables):
    """Bytes int64[n] -> the same, but for added tokens: in the place of the first byte of each its
    mark, and in the places of the others WITHIN_BYTE (see text.marks).

    Of tokens that overlap the first one counts, and of those that begin together the longest; if
    that has to be alone and is not, none does.
    """

    rank: Tensor
    blank: Tensor

    def __init__(
        self,
        tokens: Sequence[AddedToken],
        marks: Sequence[int],
        *,
        widen: bool,
        values: int = BYTE_VALUES,
        blank: int | None = None,
    ) -> None:
        """marks: what each token's mark is above WITHIN_BYTE; values: how many bytes and marks
        there may be in what is read; blank: what stands for the bytes of a blank that a token
        takes; by default they are the token's own."""
        super().__init__(widen=widen)
        # Where several begin, the highest rank counts.
        both = sorted(zip(tokens, marks, strict=True), key=lambda one: len(one[0].content.encode()))
        tokens = [token for token, _ in both]
        self.strips = any(token.lstrip or token.rstrip for token in tokens)
        self.overlaps = any_overlap([token.content for token in tokens])
        self.late = any(token.late for token in tokens)
        contents = [token.content for token in tokens]
        self.count = len(contents)
        self.blank_value = blank
        strings = [np.frombuffer(content.encode("utf-8"), np.uint8) for content in contents]
        sizes = [0, *map(len, strings)]
        if self.strips:
            blanks = [np.frombuffer(blank.encode("utf-8"), np.uint8) for blank in BLANKS]
            strings += blanks
            self._table("blank", np.array([len(blank) for blank in blanks])[:, None])
            self._table("takes_left", np.array([0, *(token.lstrip for token in tokens)]))
            self._table("takes_right", np.array([0, *(token.rstrip for token in tokens)]))
            # What stands after a text is no blank of it.
            self.ahead = LookAhead(end=0)
        self.words = None
        if any(token.alone for token in tokens):
            self._table("alone", np.array([0, *(token.alone for token in tokens)]))
            self.words = WordsBeside(values, widen=widen)
        self.begins = StringsHere(strings, values, widen=widen)
        self._table("rank", np.arange(1, self.count + 1)[:, None])
        self._table("mark", np.array([0, *(mark for _, mark in both)]))
        self._table("size", np.array(sizes))

    def forward(self, data: Tensor) -> Tensor:
        """data: int64[n], of which what LookAhead puts after a text is no part of a token."""
        matches = self.begins(data)
        # 0 where no token begins.
        rank = (matches[: self.count] * self.rank).amax(0)
        after = torch.arange(data.shape[0]) + self._read("size", rank, wide=self.widen)
        begins = rank.clamp(max=1)
        if self.overlaps:
            begins = self._leftmost(begins, after)
            rank = rank * begins
        if self.words is not None:
            before, here = self.words(data)
            beside_word = torch.maximum(before, here.gather(0, after))
            rank = rank * (1 - beside_word * self._read("alone", rank, wide=self.widen))
            begins = rank.clamp(max=1)
        if self.overlaps or self.words is not None:
            after = torch.where(begins > 0, after, torch.arange(data.shape[0]))
        inside = begins.scatter_add(0, after, -begins).cumsum(0)
        if self.strips:
            left, right = self._blanks(matches[self.count :], rank, after, inside)
            if self.blank_value is not None:
                data = torch.where(left + right > 0, self.blank_value, data)
            else:
                rank = self._moved(rank, left)
                inside = inside + left + right
        mark = self._read("mark", rank, wide=self.widen)
        return torch.where(inside > 0, mark + WITHIN_BYTE, data)

    def _leftmost(self, begins: Tensor, after: Tensor) -> Tensor:
        """int64[n], 1 where a token begins -> the same, without those that begin within one.

        A token counts if none that counts reaches over its begin. Each hangs on earlier ones alone,
        so once a round changes nothing, the answer is the only one.
        """
        if self.widen:
            return settled(_uncovered, (begins,), (begins, after))[0]
        # Another way, whose steps are known before: from the first byte on, over each token that is
        # met to its end, in jumps of twice as many steps each time (Wyllie 1979).
        last = begins.shape[0] - 1
        jump = torch.maximum(after, torch.arange(last + 1) + 1).clamp(max=last)
        visited = torch.cat([begins[:1] * 0 + 1, begins[1:] * 0])
        for _ in range(_DOUBLINGS):
            visited = visited.scatter_add(0, jump, visited).clamp(max=1)
            jump = jump.gather(0, jump)
        return begins * visited

    def _blanks(
        self, matches: Tensor, rank: Tensor, after: Tensor, inside: Tensor
    ) -> tuple[Tensor, Tensor]:
        """int64[n], 1 where a blank belongs to the token after it, and to that before it; matches:
        int64[blanks, n]."""
        here = torch.arange(rank.shape[0])
        width = (matches[:, : -self.ahead.spaces] * self.blank).amax(0)
        width = torch.cat([width, self.ahead.suffix.long()])
        begins = width.clamp(max=1)
        blank = begins.scatter_add(0, here + width, -begins).cumsum(0) * (1 - inside)
        before, following = beside(blank)
        ending = (rank * 0).scatter_add(0, (after - 1).clamp(min=0), rank)
        right = blank * self._read("takes_right", ending.gather(0, before), wide=self.widen)
        left = blank * self._read("takes_left", rank.gather(0, following), wide=self.widen)
        return left * (1 - right), right

    def _moved(self, rank: Tensor, left: Tensor) -> Tensor:
        """Ranks int64[n] at the first of the blanks before each token, where it takes them."""
        _, following = beside(left)
        before = torch.cat([left[:1] * 0, left[:-1]])
        return (rank + left * rank.gather(0, following)) * (1 - before)


class StringsHere(NarrowTables):
    """Bytes and marks int64[n] -> int64[strings, n], 1 where a string begins.

    Each is told by a key as in text.pieces, here of 64 bits. strings: of bytes; values: how many
    bytes and marks there may be.
    """

    power: Tensor
    beyond: Tensor
    row: Tensor
    key: Tensor

    def __init__(self, strings: Sequence[np.ndarray], values: int, *, widen: bool) -> None:
        super().__init__(widen=widen)
        self.strings, self.values = strings, values
        self.longest = max(map(len, strings))
        generator = np.random.Generator(np.random.PCG64(0))
        limit = np.iinfo(np.int64)
        value = generator.integers(limit.min, limit.max, values, np.int64)
        power = generator.integers(limit.min, limit.max, self.longest, np.int64) | 1
        with np.errstate(over="ignore"):
            keys = [(value[s] * power[: len(s)]).sum() for s in strings]
        self._table("value", value)
        self._table("power", power[:, None])
        self._table("beyond", np.zeros(self.longest, np.int64))
        self._table("row", np.array([len(s) - 1 for s in strings]))
        self._table("key", np.array(keys, np.int64)[:, None])

    def forward(self, data: Tensor) -> Tensor:
        rows = torch.cat([(self._read("value", data) * self.power).reshape(-1), self.beyond.long()])
        keys = rows.reshape(self.longest, -1).cumsum(0).index_select(0, self.row.long())
        return (keys == self.key).long()[:, :-1]


def beside(taken: Tensor) -> tuple[Tensor, Tensor]:
    """Give, of taken int64[n], 0 or 1, 0 in the first and last place, the last place up to each
    that is not taken, int64[n], and the next one after it."""
    other = 1 - taken
    here = torch.arange(taken.shape[0])
    count = other.cumsum(0)
    places = (taken * 0).scatter_add(0, count - 1, here * other)
    return places.gather(0, count - 1), places.gather(0, count.clamp(max=taken.shape[0] - 1))


def _uncovered(counts: Tensor, begins: Tensor, after: Tensor) -> tuple[Tensor]:
    reaches = counts.scatter_add(0, after, -counts).cumsum(0) - counts
    return (begins * (1 - reaches.clamp(min=0, max=1)),)


def reached(within: Tensor) -> Tensor:
    """int64[n]: the next place that is not within a token; within: bool[n]."""
    return beside(within.long())[1]
