"""One vector of a text out of its pieces' vectors."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgetext.configs.heads import PoolingName
from edgetext.models.layers.masking import hide_padding
from edgetext.models.layers.segments import Mask, Segments, as_rows


class Pooling(nn.Module):
    """float[B, T, D] -> float[B, 2 * D]: an attention-weighted mean beside the maximum.

    The weights come from one learned query (Yang et al. 2016, §2.2, without its hidden layer).
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query = nn.Linear(width, 1)
        self.output_dimension = 2 * width

    def forward(self, x: Tensor, mask: Mask) -> Tensor:
        scores = self.query(x)
        if isinstance(mask, Segments):
            rows, mask = mask.rows, None
            scores, x = rows.of(scores) + rows.hidden.unsqueeze(2), rows.of(x)
        weights = torch.softmax(hide_padding(scores, mask), dim=1)
        mean = torch.bmm(weights.transpose(1, 2), x).squeeze(1)
        return torch.cat([mean, hide_padding(x, mask).amax(dim=1)], dim=-1)


class Maximum(nn.Module):
    """float[B, T, D] -> float[B, D]: the largest value over the text, one operator."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.output_dimension = width

    def forward(self, x: Tensor, mask: Mask) -> Tensor:
        if isinstance(mask, Segments):
            # Where a text has no more pieces its first one stands again, which changes nothing.
            return as_rows(x, mask)[0].amax(dim=1)
        return hide_padding(x, mask).amax(dim=1)


def build_pooling(name: PoolingName, width: int) -> Pooling | Maximum:
    """`output_dimension` of what it gives is the width of a text's vector."""
    return Pooling(width) if name == "attention" else Maximum(width)
