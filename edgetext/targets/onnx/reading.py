"""What reads a text, in operators that ONNX Runtime has and PyTorch lacks.

They stand in for modules of the text graph while it is exported and cannot run in PyTorch.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.onnx.ops import symbolic

from edgetext.models.replacement import replace_modules
from edgetext.text.ahead import LookAhead, LookBehind
from edgetext.text.imported.strings import StringLookup
from edgetext.text.lookup import PieceLookup
from edgetext.text.symbols import NO_CONTINUATION
from edgetext.text.vocabulary import UNK


def hash_table(key: Tensor, keys: Tensor, values: Tensor, default: int) -> Tensor:
    """Look key int64[m] up in a table of keys int64[k] and values int64[k]: int64[m].

    In a file the table is an attribute. Here it is read as tensors, which passes.fill_hash_tables
    puts there: torch's exporter prints each attribute again and again, and 30,000 integers take
    longer than all else.
    """
    number: Tensor = symbolic(
        "ai.onnx.ml::LabelEncoder",
        (key, keys, values),
        {"default_int64": default},
        dtype=key.dtype,
        shape=key.shape,
        version=4,
    )
    return number


class OnnxLookAhead(LookAhead):
    """LookAhead by one Pad each, which takes from the front what it adds at the end: the bytes are
    all that are given, and beyond them stands nothing that goes on with a character."""

    spaces = 1

    def here(self, data: Tensor) -> Tensor:
        return data

    def forward(self, data: Tensor, by: int) -> Tensor:
        return nn.functional.pad(data, (-by, by), value=NO_CONTINUATION)


class OnnxLookBehind(LookBehind):
    """LookBehind by one Pad."""

    def forward(self, data: Tensor, by: int) -> Tensor:
        return nn.functional.pad(data, (by, -by))


class OnnxPieceLookup(PieceLookup):
    """PieceLookup by ONNX Runtime's own hash table of 64-bit keys: one operator for the nine that
    look a string up in ours, and one in place of each table of what is found.

    A match of `length` symbols is id - (length + 1) * step, so that the longest is the lowest; 0 is
    a space and 1, [UNK], no match. step is a power of two above all ids: a match divided by -step
    is its length, and its lowest bits are the id. The file holds matches as small numbers from 0
    up, which are `raised` too high.
    """

    divisor: Tensor
    table_keys: Tensor
    table_values: Tensor

    def __init__(self, lookup: PieceLookup) -> None:
        super().__init__(lookup.pieces, lookup.symbols)
        pieces = lookup.pieces
        self.step = 1 << int(pieces.piece.max()).bit_length()
        self.raised = int(pieces.length.max() + 1) * self.step
        # [UNK] counts as 1 here, whatever its id, and the ids wrap round.
        self.unknown, self.no_match = lookup.unknown, UNK
        ids = (pieces.piece - (self.unknown - UNK)) % self.step
        match = np.where(pieces.length > 0, ids - (pieces.length + 1) * self.step, 0)
        stored = torch.from_numpy((match + self.raised)[pieces.rank])
        self.register_buffer("table_keys", torch.from_numpy(pieces.string), persistent=False)
        self.register_buffer("table_values", stored, persistent=False)
        self.register_buffer("divisor", torch.full((), -self.step), persistent=False)

    def forward(self, symbol: Tensor, boundary: Tensor) -> Tensor:
        key = self.keys(symbol, boundary)
        default = self.raised + UNK
        indices = hash_table(key, self.table_keys, self.table_values, default)
        return self.first(indices) - self.raised

    def piece(self, match: Tensor) -> Tensor:
        if self.unknown != UNK:
            match = match + (self.unknown - UNK)
        return match & (self.step - 1)

    def length(self, match: Tensor) -> Tensor:
        # ONNX cuts a quotient of integers off: of 1 by the divisor nothing is left.
        return symbolic("Div", (match, self.divisor), dtype=match.dtype, shape=match.shape)


class OnnxStringLookup(StringLookup):
    """StringLookup by ONNX Runtime's own hash table: one operator for the nine of ours."""

    table_keys: Tensor
    table_values: Tensor

    def __init__(self, lookup: StringLookup) -> None:
        super().__init__(lookup.hashed, lookup.symbols)
        hashed = lookup.hashed
        self.register_buffer("table_keys", torch.from_numpy(hashed.string), persistent=False)
        self.register_buffer("table_values", torch.from_numpy(hashed.rank), persistent=False)

    def forward(self, symbol: Tensor, boundary: Tensor) -> Tensor:
        key = self.keys(symbol, boundary)
        return hash_table(key, self.table_keys, self.table_values, self.none)


def prepare_reading(read: nn.Module) -> None:
    """Put the modules above in the places of those of the text graph."""

    def change(name: str, module: nn.Module) -> nn.Module:
        if isinstance(module, LookAhead):
            return OnnxLookAhead(module.end)
        if isinstance(module, LookBehind):
            return OnnxLookBehind()
        if isinstance(module, StringLookup):
            return OnnxStringLookup(module)
        return OnnxPieceLookup(module) if isinstance(module, PieceLookup) else module

    replace_modules(read, change)
