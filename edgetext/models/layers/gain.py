"""How large what a normalized encoder gives is."""

from __future__ import annotations

import math

import torch
from torch import nn


@torch.no_grad()
def enlarge(norm: nn.LayerNorm) -> int:
    """Multiply what a norm gives, in place, by the largest power of two that leaves the mean of its
    gains at most 1, and give that number; 1 where they are larger than a half.

    A head that begins with nothing learns at a rate for values of about 1. Encoders of sentence
    vectors, whose length their training never looked at, may give a seventh of that, as
    all-mpnet-base-v2 does, and then a head needs hundreds of steps to grow first. A power of two
    changes no digit of the numbers.
    """
    mean = float(norm.weight.abs().mean())
    if not 0 < mean <= 1:
        return 1
    times = 2 ** math.floor(-math.log2(mean))
    norm.weight.mul_(times)
    if norm.bias is not None:
        norm.bias.mul_(times)
    return times
