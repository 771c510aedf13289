"""Integer tables in the smallest type that holds them."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import embedding

# How many numbers a table has that a second byte each makes little larger, and which is no suffix.
WIDER = range(64, 4097)


class NarrowTables(nn.Module):
    """A module that reads int64 vectors from small tables.

    widen: cast a table when it is used (a constant that ONNX Runtime folds at load) instead of
    what is read from it (less work where nothing folds constants, as in ExecuTorch).
    """

    def __init__(self, *, widen: bool) -> None:
        super().__init__()
        self.widen = widen

    def _table(self, name: str, values: np.ndarray) -> None:
        kept = narrow(values)
        if not self.widen and kept.itemsize == 1 and kept.size in WIDER:
            # ExecuTorch takes far longer to make int64 of one byte than of two.
            kept = kept.astype(np.int16)
        self.register_buffer(name, torch.from_numpy(kept), persistent=False)

    def _read(self, name: str, index: Tensor, wide: bool = False) -> Tensor:
        table = getattr(self, name)
        if wide:
            return table.long().gather(0, index)
        if not self.widen:
            # Rows of one number, which ExecuTorch reads in less time than numbers.
            rows = embedding(index, table.reshape(-1, 1))
            return rows.reshape(-1 if index.dim() == 1 else index.shape).long()
        return table.gather(0, index).long()


def narrow(values: np.ndarray) -> np.ndarray:
    """The same integers in the smallest signed type, or uint8."""
    low, high = int(values.min()), int(values.max())
    for kind in (np.uint8, np.int8, np.int16, np.int32):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return values.astype(kind)
    return values.astype(np.int64)
