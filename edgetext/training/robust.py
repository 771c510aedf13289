"""Losses that make a network's answers less dependent on small changes of what it reads.

`adversarial`: the loss at the embeddings where it rises fastest, found by the gradient there: in
one step (Miyato, Dai & Goodfellow 2017, "Adversarial Training Methods for Semi-Supervised Text
Classification", §3; known as FGM) or in several with a projection (Madry et al. 2018, "Towards Deep
Learning Models Resistant to Adversarial Attacks", §2.1; PGD). `r_drop`: how far two answers to one
text are apart, of which each drops other values (Liang et al. 2021, "R-Drop: Regularized Dropout
for Neural Networks", §2.1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from edgetext.recipe.schema import AdversarialConfig, TrainingConfig
from edgetext.tasks.learner import Learner
from edgetext.tasks.learning import BatchLike

Scores = Mapping[str, Tensor]
# A text whose loss nothing moves has a gradient of this length at most.
_TINY = 1e-12
# Runs the network once on a batch: its loss float[] and its scores.
Pass = Callable[[], tuple[Tensor, Scores]]


def robust_loss(
    network: nn.Module, learner: Learner, batch: BatchLike, config: TrainingConfig, run: Pass
) -> Tensor:
    """Give the loss of one pass, with what `adversarial` and `r_drop` of a recipe add: float[].

    network: has an `encoder`, whose first input are a text's vectors. run: makes another pass over
    the same ids each time. Random numbers are torch's own, which a resumed training goes on with.
    """
    if config.adversarial is None:
        return _dropped_twice(learner, batch, config, run)
    with _watched(network) as watch:
        loss = _dropped_twice(learner, batch, config, run, watch.note)
        return loss + config.adversarial.weight * _attacked(config.adversarial, watch, run)


def _dropped_twice(
    learner: Learner,
    batch: BatchLike,
    config: TrainingConfig,
    run: Pass,
    after_first: Callable[[Tensor], None] = lambda loss: None,
) -> Tensor:
    """The loss of a pass or, with `r_drop`, the mean of two and their distance.

    The distance is the mean of both directions, each by the task's loss of a student, in which the
    other pass stands still: the gradient is that of the divergence towards it, while Liang et al.
    let the gradient through both sides.
    """
    loss, scores = run()
    after_first(loss)
    if not config.r_drop:
        return loss
    other_loss, others = run()
    distance = (
        learner.soft_loss(scores, _still(others), (batch, batch), 1.0, config)
        + learner.soft_loss(others, _still(scores), (batch, batch), 1.0, config)
    ) / 2
    return (loss + other_loss) / 2 + config.r_drop * distance


def _still(scores: Scores) -> dict[str, Tensor]:
    return {name: x.detach() for name, x in scores.items()}


class _Watch:
    """What an encoder reads, and what is added to it.

    vectors: of the first pass, float[B, T, E]. loss: of that pass, float[]. added: to the vectors
    of each later pass, of the same shape.
    """

    def __init__(self) -> None:
        self.vectors: Tensor | None = None
        self.loss: Tensor | None = None
        self.added: Tensor | None = None

    def note(self, loss: Tensor) -> None:
        """Remember the loss of the first pass."""
        self.loss = loss

    def __call__(self, module: nn.Module, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        vectors, *others = inputs
        if self.vectors is None:
            self.vectors = vectors
        return (vectors if self.added is None else vectors + self.added, *others)


@contextmanager
def _watched(network: nn.Module) -> Iterator[_Watch]:
    """Watch the encoder of a network, whichever module stands there now."""
    watch = _Watch()
    encoder: Any = network.encoder
    handle = encoder.register_forward_pre_hook(watch)
    try:
        yield watch
    finally:
        handle.remove()


def _attacked(config: AdversarialConfig, watch: _Watch, run: Pass) -> Tensor:
    """Give the loss of a pass over vectors that were moved so that it rises, float[].

    All vectors of a text together move at most `epsilon` deviations of the batch's values: Miyato
    et al. normalize the embeddings for the same end, that none evades by growing.
    """
    vectors, loss = watch.vectors, watch.loss
    assert vectors is not None and loss is not None
    radius = config.epsilon * vectors.detach().float().std()
    source = vectors
    steps = config.steps if config.type == "pgd" else 1
    # PGD may reach any place from any other (Madry et al. 2018, appendix).
    stride = radius if config.type == "fgm" else 2.5 * radius / steps
    added = torch.zeros_like(vectors)
    if config.type == "pgd":
        added = radius * _anywhere(vectors)
    for _ in range(steps):
        if config.type == "pgd":
            source = watch.added = added.detach().requires_grad_()
            loss, _ = run()
        (gradient,) = torch.autograd.grad(loss, source, retain_graph=source is vectors)
        added = added.detach() + stride * _unit(gradient)
        added = added * (radius / _length(added).clamp(min=_TINY)).clamp(max=1)
    watch.added = added.detach()
    attacked, _ = run()
    watch.added = None
    return attacked


def _anywhere(vectors: Tensor) -> Tensor:
    """Draw a place in the ball of radius 1 for each text, all places alike: float[B, T, E]."""
    size = vectors[0].numel()
    away = torch.rand(len(vectors), 1, 1, device=vectors.device) ** (1 / size)
    return away * _unit(torch.randn_like(vectors))


def _length(x: Tensor) -> Tensor:
    """Give the length of each text's vectors as one: float[B, 1, 1]."""
    return x.flatten(1).float().norm(dim=1).reshape(-1, 1, 1)


def _unit(x: Tensor) -> Tensor:
    return x / _length(x).clamp(min=_TINY)
