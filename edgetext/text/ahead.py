"""What stands a little further on in a text, for all its bytes at once."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from edgetext.text.narrow import NarrowTables

# A character's first byte looks at three more.
LOOK_AHEAD = 3
SPACE = 0x20


class LookAhead(NarrowTables):
    """The text's bytes are all but the last LOOK_AHEAD of what is given, so that all of them have
    so many after them. suffix uint8[4]: what ends a text, a space that ends its last word first."""

    suffix: Tensor
    spaces = 1 + LOOK_AHEAD

    def __init__(self) -> None:
        super().__init__(widen=False)
        self._table("suffix", np.full(self.spaces, SPACE))

    def here(self, data: Tensor) -> Tensor:
        """int64[n + 3] -> int64[n]."""
        return data[:-LOOK_AHEAD]

    def forward(self, data: Tensor, by: int) -> Tensor:
        """int64[n + 3] -> int64[n], what stands 1 ≤ `by` ≤ 3 places on."""
        return data[by : by - LOOK_AHEAD or None]
