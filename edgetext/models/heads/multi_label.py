"""None, one or several labels a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from edgetext.models.heads.classify import ClassifyHead
from edgetext.models.layers.segments import Mask
from edgetext.registry import register


class Thresholded(nn.Module):
    """What makes a head of one label a text one of several: a text has those above 0.

    threshold: float32[1], the score from which a text has a label, which is chosen once the others
    are learnt. Outside of training it is taken off all scores, so that whoever reads them needs no
    number.
    """

    threshold: Tensor

    def __init__(self, config: Any, width: int, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__(config, width, labels)
        self.register_buffer("threshold", torch.zeros(1))

    def forward(self, x: Tensor, mask: Mask = None) -> dict[str, Tensor]:
        scores = super().forward(x, mask)["intent"]
        return {"intent": scores if self.training else scores - self.threshold}


@register("head", "multi_label")
class MultiLabelHead(Thresholded, ClassifyHead):
    """A score a label, each by itself."""
