"""How an answer is explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

STEPS = 16
Method = Literal["gradients", "occlusion"]
Baseline = Literal["unknown", "padding", "zero", "mean"]
Unit = Literal["words", "pieces", "bytes"]


@dataclass(frozen=True, slots=True)
class Manner:
    """How an answer is explained.

    method: None for gradients of a checkpoint that has them, and occlusion of all else. by: what
    gets a weight; pieces are of gradients, bytes of occlusion. layer, baseline, steps: of
    gradients, see interpretation.gradients.
    """

    method: Method | None = None
    by: Unit = "words"
    layer: str | None = None
    baseline: Baseline = "unknown"
    steps: int = STEPS
