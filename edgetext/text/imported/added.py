"""Added tokens, as "[SEP]", where they stand in a text: `tokenizers` finds them in its bytes,
before it normalizes anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import torch
from torch import Tensor

from edgetext.text.imported.refusal import refuse
from edgetext.text.marks import BYTE_VALUES, WITHIN_BYTE
from edgetext.text.narrow import NarrowTables


def added_tokens(settings: Mapping[str, Any], source: str) -> dict[str, int]:
    """Content -> id, of the added tokens of a `tokenizer.json`.

    Special tokens are found by their bytes alone: what `lstrip`, `rstrip` and `normalized` say of
    them, as of RoBERTa's "<mask>", is left aside, so that a space before one that is written in a
    text stays. EdgetextError for other tokens of that kind, and where two could overlap.
    """
    tokens = [token for token in settings.get("added_tokens", []) if token["content"]]
    normalizes = settings.get("normalizer") is not None
    for token in tokens:
        name = token["content"]
        if token.get("single_word"):
            refuse(source, "added tokens", f"have {name!r} with single_word")
        if token.get("special"):
            continue
        for option in ("lstrip", "rstrip"):
            if token.get(option):
                refuse(source, "added tokens", f"have {name!r} with {option}")
        if normalizes and token.get("normalized"):
            refuse(source, "added tokens", f"have {name!r}, which is found in normalized text")
    contents = {token["content"]: token["id"] for token in tokens}
    for one, other in product(contents, repeat=2):
        if _overlap(one, other):
            refuse(source, "added tokens", f"have {one!r} and {other!r}, which may overlap")
    return contents


def _overlap(one: str, other: str) -> bool:
    """Whether `other` can begin within `one`, but for where both are the same."""
    return any(
        one[at:].startswith(other) or other.startswith(one[at:])
        for at in range(one != other or 1, len(one))
    )


class AddedTokens(NarrowTables):
    """Bytes int64[n] -> the same, but for added tokens: in the place of the first byte of each its
    mark, and in the places of the others WITHIN_BYTE (see text.symbols).

    Each string of bytes is told by a key as in text.pieces, here of 64 bits.
    """

    power: Tensor
    beyond: Tensor
    row: Tensor
    key: Tensor
    mark: Tensor

    def __init__(self, tokens: Sequence[str], *, widen: bool, values: int = BYTE_VALUES) -> None:
        """values: how many bytes and marks there may be in what is read."""
        super().__init__(widen=widen)
        strings = [np.frombuffer(token.encode("utf-8"), np.uint8) for token in tokens]
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
        self._table("mark", np.arange(1, len(strings) + 1)[:, None])
        self._table("size", np.array([0, *map(len, strings)]))

    def forward(self, data: Tensor) -> Tensor:
        """data: int64[n], of which the last is no part of a token."""
        rows = torch.cat([(self._read("value", data) * self.power).reshape(-1), self.beyond.long()])
        keys = rows.reshape(self.longest, -1).cumsum(0).index_select(0, self.row.long())
        # 0 where no token begins, else its number from 1 on.
        number = ((keys == self.key).long() * self.mark).sum(0)[:-1]
        begins = number.clamp(max=1)
        after = torch.arange(data.shape[0]) + self._read("size", number, wide=self.widen)
        inside = begins.scatter_add(0, after, -begins).cumsum(0)
        return torch.where(inside > 0, number + WITHIN_BYTE, data)
