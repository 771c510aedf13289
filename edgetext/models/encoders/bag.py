"""Bag of pieces: the smallest and fastest encoder, blind to word order."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgetext.configs.encoders import BagConfig
from edgetext.models.layers.dropout import Dropout
from edgetext.models.layers.masking import zero_padding
from edgetext.models.layers.segments import Mask, as_rows, at_pieces
from edgetext.models.student_encoder import StudentEncoder, StudentForm
from edgetext.registry import register


@register("encoder", "bag")
class BagEncoder(StudentEncoder):
    """Each piece beside the mean of all pieces, through one hidden layer.

    The mean is fastText's sentence vector (Joulin et al. 2017, §2); the piece itself is kept so
    that a tag head has something to tell positions apart.
    """

    student = StudentForm(place=3, layered=False)
    reach = 0

    Config = BagConfig

    def __init__(self, config: BagConfig) -> None:
        super().__init__()
        self.output_dimension = config.hidden
        self.dropout = Dropout(config.dropout)
        self.hidden = nn.Linear(2 * config.embedding, config.hidden)

    def forward(self, x: Tensor, mask: Mask = None) -> Tensor:
        x = self.dropout(x)
        rows, inside = as_rows(x, mask)
        if inside is None:
            mean = x.mean(dim=1, keepdim=True)
        else:
            count = inside.sum(dim=1).to(x.dtype)[:, None, None]
            mean = zero_padding(rows, inside).sum(dim=1, keepdim=True) / count
        # Added to nothing, it needs no shape, which a file would have to work out.
        joined = torch.cat([x, at_pieces(mean, mask) + 0.0 * x], dim=-1)
        return self.dropout(torch.relu(self.hidden(joined)))
