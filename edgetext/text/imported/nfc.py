"""NFC, Unicode's form of composed characters, as a tensor program on the bytes of UTF-8.

Of the characters that NFC may change or join, each is one item; each byte of all others is. First
letters fall into their parts, then marks are put in order, then a letter is joined with the marks
after it: each step at all places at once, again until nothing changes.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from edgetext.text.ahead import LookAhead
from edgetext.text.imported.nfc_tables import Characters, characters, joining
from edgetext.text.imported.settling import settled
from edgetext.text.lengths import bound
from edgetext.text.symbols import lay_out_continuation, lay_out_trie, lay_out_widths
from edgetext.text.trie import TrieReader

# So many rounds a `.pte` has: of marks that change places, and of marks that join a letter.
ROUNDS = 4
_BYTES = 4
_INERT = 1
# Characters have at most so many times their bytes in NFC, and so many times their bytes' number of
# parts before.
GROWTH, _PARTS = 3, 2
_ANY = 1 << 40


class Nfc(TrieReader):
    """Bytes and marks int64[m + 3] -> the same in NFC int64[k + 3], and of each byte but the last
    three what it was made of: start, end int64[k], places in what was given.

    What NFC joins has the place of its first character, and so on: as the offsets of `tokenizers`
    have it. Bytes that are no UTF-8 stay, and nothing is joined over them.
    """

    parts: Tensor
    spelled: Tensor
    nothing: Tensor

    def __init__(self, values: int, end: int, *, widen: bool) -> None:
        """values: how many bytes and marks there may be; end: what ends a text."""
        super().__init__(widen=widen)
        self.ahead = LookAhead(end)
        known = characters()
        # Items: 0 is nothing, then bytes and marks, then characters.
        read = sorted(known.parts)
        number = {c: 1 + values + i for i, c in enumerate([*read, *known.outputs])}
        count = 1 + values + len(number)
        self._read_bytes(read, number, values)
        self._read_parts(known, number, values)
        self._read_joined(number, count)
        mark = np.zeros(count, np.int64)
        mark[[number[c] for c in known.mark]] = list(known.mark.values())
        self._table("mark", mark)
        spelled = np.zeros((count, _BYTES), np.int64)
        spelled[1 : values + 1, 0] = np.arange(1, values + 1)
        for character, row in number.items():
            encoded = character.encode("utf-8")
            spelled[row, : len(encoded)] = np.frombuffer(encoded, np.uint8).astype(np.int64) + 1
        self._table("spelled", spelled)

    def _read_bytes(self, read: list[str], number: dict[str, int], values: int) -> None:
        self.values = values
        codes = np.full(0x110000, _INERT, np.int64)
        codes[[ord(c) for c in read]] = [number[c] for c in read]
        count = 1 + values + len(read)
        root, trie = lay_out_trie(codes, count, values)
        root[256:] = _INERT
        self._table("nothing", np.zeros(_BYTES - 1))
        self._table("root", root)
        self._table("trie", trie)
        self._table("continuation", lay_out_continuation(values))
        self._table("width", lay_out_widths(values))

    def _read_parts(self, known: Characters, number: dict[str, int], values: int) -> None:
        most = max(map(len, known.parts.values()))
        parts = np.zeros((1 + values + len(known.parts), most), np.int64)
        parts[:, 0] = np.arange(len(parts))
        for character, text in known.parts.items():
            parts[number[character], : len(text)] = [number[c] for c in text]
        self._table("parts", parts)

    def _read_joined(self, number: dict[str, int], count: int) -> None:
        table = joining()
        for name, rows in (("first", table.first), ("second", table.second)):
            column = np.zeros(count, np.int64)
            column[[number[c] for c in rows]] = list(rows.values())
            self._table(name, column)
        self._table("base", table.base)
        self._table("owner", table.owner)
        self._table("joined", np.array([number[c] for c in table.wholes])[table.value])

    def forward(self, data: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        item, place, width = self._items(data)
        # Each item's parts; the first of them stands for the item in the offsets.
        parts = self.parts.index_select(0, item).long()
        most = parts.shape[1]
        row = parts.reshape(-1).nonzero().reshape(-1)
        self._bound(row.shape[0], _PARTS * data.shape[0])
        part = parts.reshape(-1).gather(0, row)
        stands = (row.remainder(most) == 0).long()
        order = self._ordered(part)
        part, stands = part.gather(0, order), stands.gather(0, order)
        part, stands = self._composed(part, stands)

        # What stands for none is a part of the one before.
        which = stands.cumsum(0) - stands - (1 - stands.clamp(max=1))
        values = self.spelled.index_select(0, part).long().reshape(-1)
        kept = values.nonzero().reshape(-1)
        self._bound(kept.shape[0], GROWTH * data.shape[0])
        source = which.gather(0, torch.div(kept, _BYTES, rounding_mode="trunc"))
        source = source.clamp(min=0)
        text = torch.cat([values.gather(0, kept) - 1, self.ahead.suffix[1:].long()])
        start = place.gather(0, source)
        return text, start, start + width.gather(0, source)

    def _bound(self, length: int, most: int) -> None:
        # Only ExecuTorch plans its memory ahead. Elsewhere a text has any length, of which the
        # exporter would make a number of more than 64 bits.
        bound(length, 1, _ANY if self.widen else most)

    def _items(self, data: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Items int64[k], and the place and the width of each in the bytes."""
        code = self._codes(data)
        here = self.ahead.here(data)
        width = self._read("width", here, wide=self.widen)
        coded = code > _INERT
        reach = torch.where(coded, width, 0)
        nothing = self.nothing.long()
        covered = [torch.cat([nothing[:by], reach])[:-by] > by for by in (1, 2, 3)]
        dropped = covered[0].logical_or(covered[1]).logical_or(covered[2])
        item = torch.where(coded, code, here + 1) * dropped.logical_not().long()
        place = item.nonzero().reshape(-1)
        bound(place.shape[0], 1, here.shape[0])
        width = torch.where(coded, width, 1)
        return item.gather(0, place), place, width.gather(0, place)

    def _ordered(self, part: Tensor) -> Tensor:
        """int64[m]: from where each place takes its part, so that marks stand by their classes."""
        mark = self._read("mark", part)
        order = torch.arange(part.shape[0])
        if self.widen:
            return settled(_exchanged, (order,), (mark,))[0]
        for _ in range(ROUNDS):
            (order,) = _exchanged(order, mark)
        return order

    def _composed(self, part: Tensor, stands: Tensor) -> tuple[Tensor, Tensor]:
        """The same parts, but for those that were joined: 0 in the place of the later one."""
        given = tuple(
            getattr(self, name).long()
            for name in ("mark", "first", "second", "base", "owner", "joined")
        )
        if self.widen:
            return settled(_joined, (part, stands), given)  # type: ignore[return-value]
        for _ in range(ROUNDS):
            part, stands = _joined(part, stands, *given)
        return part, stands


def _exchanged(order: Tensor, mark: Tensor) -> tuple[Tensor]:
    """One round: a mark changes places with the next one where that has a lower class; of several
    such pairs in a row the first does."""
    now = mark.gather(0, order)
    after = torch.cat([now[1:], now[:1] * 0])
    falls = (now > after).logical_and(after > 0).long()
    here = torch.arange(order.shape[0])
    before = torch.cat([falls[:1] * 0, falls[:-1]])
    first = falls * (1 - before)
    moved = torch.cat([first[:1] * 0, first[:-1]])
    return (order.gather(0, here + first - moved),)


def _joined(
    part: Tensor,
    stands: Tensor,
    mark: Tensor,
    first: Tensor,
    second: Tensor,
    base: Tensor,
    owner: Tensor,
    joined: Tensor,
) -> tuple[Tensor, Tensor]:
    """One round: each letter is joined with the next part that it can be joined with."""
    here = torch.arange(part.shape[0])
    nothing = part * 0
    kind = mark.gather(0, part)
    real = part.clamp(max=1)
    letter = real * (1 - kind.clamp(max=1))
    # The last letter before each place, and the last part, none before the first.
    letters, reals = letter.cumsum(0), real.cumsum(0)
    letter_place = nothing.scatter_add(0, (letters - 1).clamp(min=0), here * letter)
    real_place = nothing.scatter_add(0, (reals - 1).clamp(min=0), here * real)
    start = letter_place.gather(0, (letters - letter - 1).clamp(min=0))
    previous = real_place.gather(0, (reals - real - 1).clamp(min=0))
    row = first.gather(0, part.gather(0, start))
    at = base.gather(0, row) + second.gather(0, part)
    fits = (owner.gather(0, at) == row + 1).logical_and(row > 0).logical_and(here > start)
    near = (previous == start).logical_or(kind.gather(0, previous) < kind)
    can = fits.logical_and(near).long()
    # The first of those that the same letter could be joined with.
    count = can.cumsum(0)
    does = can * ((count - count.gather(0, start)) == 1).long()
    whole = does * (joined.gather(0, at) - part.gather(0, start))
    moved = does * stands
    part = (part + nothing.scatter_add(0, start, whole)) * (1 - does)
    stands = stands + nothing.scatter_add(0, start, moved) - moved
    return part, stands
