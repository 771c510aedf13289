"""match: one label a pair of texts, as whether they mean the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgetext.registry import register
from edgetext.tasks.classify import Classify
from edgetext.tasks.metrics import macro_f1
from edgetext.tasks.pair import PairTask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from edgetext.data.example import Example
    from edgetext.tasks.prediction import Prediction


@register("task", "match")
class Match(PairTask, Classify):
    """Labels, scores, target and outputs as of classify.

    The head `cross_encoder` reads both texts together; `bi_encoder` reads each alone and
    compares two vectors.
    """

    name = "match"
    head = "cross_encoder"
    heads = ("bi_encoder",)

    def measure(self, examples: Sequence[Example], found: Sequence[Prediction]) -> dict[str, float]:
        """ "accuracy" and "macro_f1", the mean of the labels' F1."""
        gold, given = [str(e.intent) for e in examples], [str(a.intent) for a in found]
        return {**super().measure(examples, found), "macro_f1": macro_f1(gold, given)}
