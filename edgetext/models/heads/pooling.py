"""One vector of a text out of its pieces' vectors."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgetext.models.masking import hide_padding


class Pooling(nn.Module):
    """float[B, T, D] -> float[B, 2 * D]: an attention-weighted mean beside the maximum.

    The weights come from one learned query (Yang et al. 2016, §2.2, without its hidden layer).
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query = nn.Linear(width, 1)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        weights = torch.softmax(hide_padding(self.query(x), mask), dim=1)
        mean = torch.bmm(weights.transpose(1, 2), x).squeeze(1)
        return torch.cat([mean, hide_padding(x, mask).amax(dim=1)], dim=-1)
