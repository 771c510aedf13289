"""The losses that tasks are made of."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import cross_entropy, kl_div, log_softmax, softmax

from edgetext.tasks.words import IGNORE


def label_loss(
    scores: Tensor, target: Tensor, smoothing: float, weights: Tensor | None = None
) -> Tensor:
    """Cross-entropy of scores float[..., C] against int64[...], a mean; IGNORE does not count.

    weights: float[C], how much each label counts in the mean; None: all alike.
    """
    return cross_entropy(
        scores.flatten(0, -2),
        target.flatten(),
        weight=None if weights is None else weights.to(scores),
        ignore_index=IGNORE,
        label_smoothing=smoothing,
    )


def soft_label_loss(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """T² KL(teacher || student) of softened scores [N, C], mean over N (Hinton et al. 2015, §2)."""
    return temperature**2 * kl_div(
        log_softmax(student / temperature, dim=-1),
        softmax(teacher / temperature, dim=-1),
        reduction="batchmean",
    )
