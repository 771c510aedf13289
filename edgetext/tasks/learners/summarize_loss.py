"""The loss of a model that ranks sentences."""

from __future__ import annotations

import torch
from torch import Tensor

# Of ROUGE, 0 to 1: sentences whose worth differs by this differ in the target by a factor of e.
SHARPNESS = 0.1


def ranking_loss(scores: Tensor, worth: Tensor) -> Tensor:
    """Cross-entropy of softmax(scores) against softmax(worth / SHARPNESS), which is ListNet's
    top-one loss (Cao et al. 2007, §4), less the worth / SHARPNESS to be expected of a sentence
    drawn by softmax(scores): half of each, a mean over texts.

    The first keeps the order of all sentences, the second is what counts in the end.

    scores: float[B, S], very low where there is no sentence; worth: float[B, S', 1], S' >= S,
    negative there.
    """
    worth = worth[:, : scores.shape[1], 0] / SHARPNESS
    target = torch.softmax(worth.masked_fill(worth < 0, -1e4), dim=-1)
    likely = torch.log_softmax(scores, dim=-1)
    entropy = -(target * likely).sum(dim=-1)
    expected = (likely.exp() * worth.clamp(min=0)).sum(dim=-1)
    return (entropy - expected).mean() / 2
