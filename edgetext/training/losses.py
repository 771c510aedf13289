"""The losses of an epoch's steps, in one place."""

from __future__ import annotations

import torch
from torch import Tensor

FIRST = 1024


class Losses:
    """Losses in one tensor that grows.

    One small tensor a step would keep the memory of each step from being given back whole: an epoch
    of millions of texts then takes hundreds of megabytes more.
    """

    def __init__(self, values: Tensor | None = None) -> None:
        """values: float[n], those that are there already."""
        self._count = 0 if values is None else len(values)
        self._held = torch.empty(0) if values is None else values

    def __len__(self) -> int:
        return self._count

    def append(self, loss: Tensor) -> None:
        """Add one, float[]; it stays on its device and is not waited for."""
        if self._count == len(self._held):
            more = max(FIRST, len(self._held))
            grown = torch.empty(self._count + more, dtype=torch.float32, device=loss.device)
            grown[: self._count] = self.values()
            self._held = grown
        self._held[self._count] = loss
        self._count += 1

    def values(self) -> Tensor:
        """Give all, float[n]."""
        return self._held[: self._count].clone()
