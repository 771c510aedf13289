"""How the learning rate goes from step to step."""

from __future__ import annotations

import math

from edgetext.recipe import TrainingConfig


def schedule_factor(config: TrainingConfig, step: int, total: int) -> float:
    """What multiplies the learning rate at a step (0-based) of `total`.

    Linear warm-up over the first `warmup` share, then constant, linear to 0, or half a cosine to 0
    (Loshchilov & Hutter 2017, without restarts).
    """
    warm = config.warmup * total
    if step < warm:
        return (step + 1) / (warm + 1)
    # Of streamed texts that are cut into windows there are more steps than were foreseen.
    done = min(1.0, (step - warm) / max(1.0, total - warm))
    if config.schedule == "constant":
        return 1.0
    if config.schedule == "linear":
        return 1.0 - done
    return 0.5 * (1.0 + math.cos(math.pi * done))
