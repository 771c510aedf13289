"""Characters of a text in UTF-8, read by a trie at all its bytes at once."""

from __future__ import annotations

import torch
from torch import Tensor

from edgetext.text.ahead import LOOK_AHEAD, LookAhead
from edgetext.text.narrow import NarrowTables


class TrieReader(NarrowTables):
    """A module with the tables `root`, `continuation` and `trie` (see text.symbols.ByteTables)."""

    ahead: LookAhead

    def _codes(self, data: Tensor) -> Tensor:
        """Bytes and marks int64[n + LOOK_AHEAD] -> int64[n]: the code of the character that begins
        at each, 0 where none does."""
        state = self._read("root", self.ahead.here(data), wide=self.widen)
        continuation = self._read("continuation", data, wide=self.widen)
        for by in range(1, LOOK_AHEAD + 1):
            following = self.ahead(continuation, by)
            state = torch.minimum(state, self._read("trie", state + following))
        return state
