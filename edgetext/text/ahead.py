"""What stands a little further on in a text, or a little before, for all its bytes at once."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from edgetext.text.narrow import NarrowTables

# A character's first byte looks at three more.
LOOK_AHEAD = 3
SPACE = 0x20


class LookAhead(NarrowTables):
    """The text's bytes are all but the last LOOK_AHEAD of what is given, so that all of them have
    so many after them. suffix int[4]: what ends a text, `end` (a space or a mark) four times."""

    suffix: Tensor
    spaces = 1 + LOOK_AHEAD

    def __init__(self, end: int = SPACE) -> None:
        super().__init__(widen=False)
        self.end = end
        self._table("suffix", np.full(self.spaces, end))

    def here(self, data: Tensor) -> Tensor:
        """int64[n + 3] -> int64[n]."""
        return data[:-LOOK_AHEAD]

    def forward(self, data: Tensor, by: int) -> Tensor:
        """int64[n + 3] -> int64[n], what stands 1 ≤ `by` ≤ 3 places on."""
        return data[by : by - LOOK_AHEAD or None]


class LookBehind(NarrowTables):
    """What stood before each place, and 0 before the first. nothing uint8[3]: zeros."""

    nothing: Tensor

    def __init__(self) -> None:
        super().__init__(widen=False)
        self._table("nothing", np.zeros(LOOK_AHEAD))

    def forward(self, data: Tensor, by: int) -> Tensor:
        """int64[n] -> int64[n], what stood 1 ≤ `by` ≤ 3 places before."""
        return torch.cat([self.nothing[:by].long(), data[:-by]])
