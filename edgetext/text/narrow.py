"""Integer tables in the smallest type that holds them."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn


class NarrowTables(nn.Module):
    """A module that reads int64 vectors from small tables.

    widen: cast a table when it is used (a constant that ONNX Runtime folds at load) instead of
    what is read from it (less work where nothing folds constants, as in ExecuTorch).
    """

    def __init__(self, *, widen: bool) -> None:
        super().__init__()
        self.widen = widen

    def _table(self, name: str, values: np.ndarray) -> None:
        self.register_buffer(name, torch.from_numpy(narrow(values)), persistent=False)

    def _read(self, name: str, index: Tensor, wide: bool = False) -> Tensor:
        table = getattr(self, name)
        if wide:
            return table.long().gather(0, index)
        return table.gather(0, index).long()


def narrow(values: np.ndarray) -> np.ndarray:
    """The same integers in the smallest signed type, or uint8."""
    low, high = int(values.min()), int(values.max())
    for kind in (np.uint8, np.int8, np.int16, np.int32):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return values.astype(kind)
    return values.astype(np.int64)
