"""Blanks that a normalizer takes away: at both ends of a text, and all but one of a run of spaces.

`tokenizers` normalizes what stands between two added tokens by itself, so that these are ends, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from edgetext.text.imported.added_graph import beside
from edgetext.text.imported.stages import blank_stages
from edgetext.text.narrow import NarrowTables

# What a code stands for; those up to SPACE may be taken away.
NOTHING, BLANK, SPACE, OTHER, EDGE = range(5)


@dataclass(frozen=True, slots=True)
class BlankRules:
    """left, right: whether blanks there go; joins: whether of several spaces the last one stays."""

    left: bool
    right: bool
    joins: bool


def blank_rules(settings: Mapping[str, Any]) -> BlankRules | None:
    """Give what a tokenizer's normalizer takes away, None where it does nothing of the kind."""
    stages = blank_stages(settings)
    if not stages:
        return None
    strips = [stage for stage in stages if stage["type"] == "Strip"]
    return BlankRules(
        any(stage["strip_left"] for stage in strips),
        any(stage["strip_right"] for stage in strips),
        len(strips) < len(stages),
    )


class Blanks(NarrowTables):
    """Codes int64[k], 0 for nothing, of which the first and the last are edges -> the same, 0 for
    what is taken away. kinds: what each code stands for."""

    def __init__(self, rules: BlankRules, kinds: np.ndarray, *, widen: bool) -> None:
        super().__init__(widen=widen)
        self.rules = rules
        self._table("kind", kinds)

    def forward(self, code: Tensor) -> Tensor:
        kind = self._read("kind", code, wide=self.widen)
        if self.rules.left or self.rules.right:
            loose = (kind < OTHER).long()
            sides = beside(loose)
            wanted = (self.rules.left, self.rules.right)
            ends = [kind.gather(0, side) for side, want in zip(sides, wanted, strict=True) if want]
            # An edge is above all other kinds.
            goes = (torch.stack(ends).amax(0) == EDGE).long() * loose
            code, kind = code * (1 - goes), kind * (1 - goes)
        if self.rules.joins:
            _, following = beside((code == 0).long())
            space = kind == SPACE
            goes = space.logical_and(kind.gather(0, following) == SPACE).long()
            code = code * (1 - goes)
        return code
