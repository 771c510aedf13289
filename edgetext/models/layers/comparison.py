"""Each piece of two texts compared with what it is like in the other."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgetext.models.layers.dropout import Dropout
from edgetext.models.layers.masking import window

# Added to a score of attention that must not count.
FAR = -1e4


class Alignment(nn.Module):
    """Each piece beside what it is like in the other text: float[B, T, D] -> float[B, T, 4 D].

    Attention over the other text alone, then the piece, what it found, their difference and their
    product (ESIM, Chen et al. 2017, §3.2; the decomposable attention of Parikh et al. 2016 without
    its layers).
    """

    def forward(self, x: Tensor, mask: Tensor | None, second: Tensor | int) -> Tensor:
        """second: whose text each piece is of, bool[B, T]; or, without padding, how many pieces the
        first text has, and then only pieces of different texts are compared."""
        if isinstance(second, Tensor):
            aligned = self._joined(x, mask, second)
        else:
            one, other = x[:, :second], x[:, second:]
            scores = torch.bmm(one * x.shape[-1] ** -0.5, other.transpose(1, 2))
            turned = torch.softmax(scores.transpose(1, 2), dim=-1)
            aligned = torch.cat(
                [torch.bmm(torch.softmax(scores, dim=-1), other), torch.bmm(turned, one)], 1
            )
        return torch.cat([x, aligned, x - aligned, x * aligned], dim=-1)

    def _joined(self, x: Tensor, mask: Tensor | None, second: Tensor) -> Tensor:
        """float[B, T, D]: what each piece is like in the other text."""
        side = 2.0 * second.to(x.dtype) - 1.0
        same = 0.5 + 0.5 * side.unsqueeze(2) * side.unsqueeze(1)
        scores = torch.bmm(x * x.shape[-1] ** -0.5, x.transpose(1, 2)) + FAR * same
        if mask is not None:
            scores = scores.masked_fill(~mask.unsqueeze(1), 10 * FAR)
        return torch.bmm(torch.softmax(scores, dim=-1), x)


class Comparison(nn.Module):
    """float[B, T, width] -> float[B, T, hidden]: the alignment through one layer on each piece and
    `layers` on windows of pieces, each added to what it reads.

    second: see Alignment.
    """

    def __init__(self, width: int, hidden: int, layers: int, kernel: int, dropout: float) -> None:
        super().__init__()
        self.align = Alignment()
        self.kernel = kernel
        self.compare = nn.Linear(4 * width, hidden)
        self.compose = nn.ModuleList(nn.Linear(kernel * hidden, hidden) for _ in range(layers))
        self.dropout = Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None, second: Tensor | int) -> Tensor:
        x = torch.relu(self.compare(self.dropout(self.align(x, mask, second))))
        for layer in self.compose:
            x = x + torch.relu(layer(window(self.dropout(x), self.kernel, mask)))
        return self.dropout(x)
