"""What reads a text, with no integer beyond 32 bits: see lanes."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from edgetext.models.replacement import replace_modules
from edgetext.targets.portable.lanes import DIFFERENCE, draw_keys, lay_out_lanes
from edgetext.text.imported.added_graph import StringsHere
from edgetext.text.imported.strings import StringLookup
from edgetext.text.lookup import PieceLookup
from edgetext.text.pieces import HashedStrings
from edgetext.text.typed import ReadTyped


class LaneTable(nn.Module):
    """Look strings up by keys of two lanes.

    value, power, shift, key: see lanes.Lanes.
    """

    value: Tensor
    power: Tensor
    shift: Tensor
    key: Tensor

    def __init__(self, hashed: HashedStrings) -> None:
        super().__init__()
        lanes = lay_out_lanes(hashed)
        for name in ("value", "power", "shift", "key"):
            self.register_buffer(name, torch.from_numpy(getattr(lanes, name)), persistent=False)
        self.longest = self.power.shape[1]
        self.buckets, self.slots = len(lanes.shift), lanes.key.shape[1]

    def forward(self, value: Tensor, none: int) -> Tensor:
        """Give the ranks of all strings, int32[longest, m + 1], `none` where there is no such one.

        value int32[2, k, m], of each symbol, k rows of them for strings of as many lengths, or one
        for all of them.
        """
        keys = running_keys(value, self.power).reshape(2, -1)
        bucket, home = keys.unbind(0)
        shift = self.shift.index_select(0, bucket & (self.buckets - 1))
        slot = (home + shift) & (self.slots - 1)
        # Both lanes differ by the rank where the string is in the table; else one is far off.
        far = ((self.key.index_select(1, slot) - keys) & DIFFERENCE).amax(0)
        return far.clamp(max=none).reshape(self.longest, -1)


def running_keys(value: Tensor, power: Tensor) -> Tensor:
    """Give the keys of the strings of each length at each place, int32[2, longest, m + 1].

    value int32[2, 1 or longest, m], power int32[2, longest, 1].
    """
    longest = power.shape[1]
    # As in text.lookup: rows laid end to end and cut again one longer slide along.
    rows = nn.functional.pad((value * power).reshape(2, -1), (0, longest))
    # Named, since torch's own sum of int32 is int64.
    return rows.reshape(2, longest, -1).cumsum(1, dtype=torch.int32)


class LanePieceLookup(PieceLookup):
    """PieceLookup by a LaneTable."""

    def __init__(self, lookup: PieceLookup) -> None:
        nn.Module.__init__(self)
        self.widen = lookup.widen
        self.pieces, self.symbols = lookup.pieces, lookup.symbols
        self.unknown, self.no_match = lookup.unknown, lookup.no_match
        self._table("id", lookup.pieces.piece)
        self._table("size", lookup.pieces.length)
        self.table = LaneTable(lookup.pieces)

    def forward(self, symbol: Tensor, boundary: Tensor) -> Tensor:
        value = self.table.value.index_select(2, symbol + boundary * self.symbols)
        return self.first(self.table(value, self.no_match)).long()


class LaneStringLookup(StringLookup):
    """StringLookup by a LaneTable."""

    def __init__(self, lookup: StringLookup) -> None:
        nn.Module.__init__(self)
        self.widen = lookup.widen
        self.hashed, self.symbols = lookup.hashed, lookup.symbols
        self.none, self.longest = lookup.none, lookup.longest
        self.register_buffer("row", lookup.row, persistent=False)
        self.table = LaneTable(lookup.hashed)

    def forward(self, symbol: Tensor, boundary: Tensor) -> Tensor:
        both = torch.cat([symbol, symbol + boundary * self.symbols])
        value = self.table.value.index_select(2, both).reshape(2, 2, -1)
        return self.table(value.index_select(1, self.row.long()), self.none).long()


class LaneStringsHere(StringsHere):
    """StringsHere by keys of two lanes."""

    value: Tensor
    power: Tensor
    key: Tensor

    def __init__(self, module: StringsHere) -> None:
        nn.Module.__init__(self)
        self.longest = module.longest
        symbols = np.full((len(module.strings), self.longest), -1, np.int64)
        for row, string in enumerate(module.strings):
            symbols[row, : len(string)] = string
        generator = np.random.Generator(np.random.PCG64(0))
        value, power, keys = draw_keys(generator, symbols, module.values)
        tables = {"value": value, "power": power, "key": keys.astype(np.int32)[..., None]}
        for name, table in tables.items():
            self.register_buffer(name, torch.from_numpy(table), persistent=False)
        self.register_buffer("row", module.row, persistent=False)

    def forward(self, data: Tensor) -> Tensor:
        keys = running_keys(self.value.index_select(2, data), self.power)
        far = (keys.index_select(1, self.row.long()) - self.key) & DIFFERENCE
        return (1 - far.amax(0).clamp(max=1)).long()[:, :-1]


# Of the integers that tell pieces' places: below 2^24, which float32 holds.
EXACT_BYTES = 3


def prepare_reading(read: nn.Module) -> None:
    """Put the modules above in the places of those of the text graph."""

    def change(name: str, module: nn.Module) -> nn.Module:
        if isinstance(module, ReadTyped):
            return ReadTyped(module.vocabulary, EXACT_BYTES)
        if isinstance(module, StringsHere):
            return LaneStringsHere(module)
        if isinstance(module, StringLookup):
            return LaneStringLookup(module)
        return LanePieceLookup(module) if isinstance(module, PieceLookup) else module

    replace_modules(read, change)
