"""How an answer is explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

STEPS = 16
Method = Literal["gradients", "occlusion", "search"]
Baseline = Literal["unknown", "padding", "zero", "mean"]
Unit = Literal["words", "pieces", "bytes"]


@dataclass(frozen=True, slots=True)
class Manner:
    """How an answer is explained.

    method: None for the search of a label's words by a checkpoint, gradients of whatever else it
    explains, or where one of their fields is set, and occlusion of all other files. by: what gets a
    weight; pieces are of gradients, bytes of occlusion. layer, baseline (None: "unknown"), steps
    (None: STEPS): of gradients, see interpretation.gradients.
    """

    method: Method | None = None
    by: Unit = "words"
    layer: str | None = None
    baseline: Baseline | None = None
    steps: int | None = None

    @property
    def of_gradients(self) -> str:
        """The first field that gradients alone heed, as the command line has it; "" for none."""
        if self.by == "pieces":
            return "--by pieces"
        fields = {"--layer": self.layer, "--baseline": self.baseline, "--steps": self.steps}
        return next((name for name, value in fields.items() if value is not None), "")
