"""The losses of trees: of spans' scores against a tree, and against a teacher's scores."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn.functional import (
    binary_cross_entropy_with_logits,
    kl_div,
    log_softmax,
    logsigmoid,
    softmax,
)

from edgetext.tasks.learners.losses import label_loss, soft_label_loss
from edgetext.tasks.learning import BatchLike
from edgetext.tasks.words import IGNORE

# Spans that a teacher finds less likely than this teach no labels.
LIKELY = 0.05


def tree_loss(scores: Mapping[str, Tensor], batch: BatchLike, smoothing: float) -> Tensor:
    """The mean over texts of -log p(tree): whether each span is there, and each chain."""
    grid, possible = _grid(scores, batch.first)
    text, row = (batch.targets["spans"][:, :, 0] != IGNORE).nonzero(as_tuple=True)
    first, last, chain = batch.targets["spans"][text, row].unbind(1)
    there = torch.zeros_like(grid)
    there[text, first, last] = 1
    spans = binary_cross_entropy_with_logits(grid[possible], there[possible], reduction="sum")
    root = label_loss(scores["root"], batch.targets["root"], smoothing)
    total = root + spans / len(grid)
    if (chain != IGNORE).any():
        chains = _chains(scores, batch.first, text, first, last)
        total = total + label_loss(chains, chain, smoothing) * len(text) / len(grid)
    return total


def soft_tree_loss(
    scores: Mapping[str, Tensor],
    teacher: Mapping[str, Tensor],
    batches: tuple[BatchLike, BatchLike],
    temperature: float,
) -> Tensor:
    """T² KL(teacher || student) of the root's chain, of each span's being there and, as far as
    the teacher finds it there, of its chain; a sum over a text's spans, a mean over texts."""
    here, there = batches[0].first, batches[1].first
    grid, possible = _grid(scores, here)
    teacher_grid, _ = _grid(teacher, there)
    text, first, last = possible.nonzero(as_tuple=True)
    found, sought = grid[possible], teacher_grid[possible]
    spans = temperature**2 * _binary_kl(found / temperature, sought / temperature).sum()
    likely = torch.sigmoid(sought)
    at = likely > LIKELY
    cells = text[at], first[at], last[at]
    chains = kl_div(
        log_softmax(_chains(scores, here, *cells) / temperature, dim=-1),
        softmax(_chains(teacher, there, *cells) / temperature, dim=-1),
        reduction="none",
    ).sum(dim=-1)
    chains = temperature**2 * (chains * likely[at]).sum()
    root = soft_label_loss(scores["root"], teacher["root"], temperature)
    return root + (spans + chains) / len(grid)


def _at_words(x: Tensor, first: Tensor) -> Tensor:
    """x float[B, T, D] at the pieces marked `first` -> float[B, W, D], the rest behind them."""
    words = max(1, int(first.sum(dim=1).max()))
    index = (~first).long().argsort(dim=1, stable=True)[:, :words]
    return x.gather(1, index.unsqueeze(-1).expand(-1, -1, x.shape[-1]))


def _grid(scores: Mapping[str, Tensor], first: Tensor) -> tuple[Tensor, Tensor]:
    """float[B, W, W], each span's score by its first and last word, and bool[B, W, W]: which are
    spans, the whole text aside."""
    grid = torch.bmm(
        _at_words(scores["opens"], first), _at_words(scores["closes"], first).transpose(1, 2)
    )
    word = torch.arange(grid.shape[1], device=grid.device)
    begin, last, count = word[:, None], word[None, :], first.sum(dim=1)[:, None, None]
    whole = (begin == 0) & (last == count - 1)
    return grid, (begin <= last) & (last < count) & ~whole


def _chains(
    scores: Mapping[str, Tensor], first: Tensor, text: Tensor, begin: Tensor, last: Tensor
) -> Tensor:
    """float[S, C]: the chain scores of spans int64[S] of these texts, first and last words."""
    opens = _at_words(scores["opens_chain"], first)[text, begin]
    return opens + _at_words(scores["closes_chain"], first)[text, last]


def _binary_kl(student: Tensor, teacher: Tensor) -> Tensor:
    """KL(teacher || student) of yes-no questions with these logits, float of their shape."""
    yes, no = logsigmoid(teacher), logsigmoid(-teacher)
    return yes.exp() * (yes - logsigmoid(student)) + no.exp() * (no - logsigmoid(-student))
