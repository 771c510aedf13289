"""The randomness of an epoch: of the recipe's seed and its number alone, so that a run that goes on
repeats it."""

from __future__ import annotations


def epoch_seed(seed: int, epoch: int) -> int:
    """Give the seed of an epoch (0-based)."""
    return seed * 100_003 + epoch
