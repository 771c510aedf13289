"""match: one label a pair of texts, as whether they mean the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from edgetext.data.example import Example
from edgetext.registry import register
from edgetext.tasks.answers.classify import Classify
from edgetext.tasks.answers.labels import LabelAnswer
from edgetext.tasks.labeled_texts import LabeledTexts
from edgetext.tasks.metrics import macro_f1


@register("task", "match")
class Match(Classify):
    """Answers as classify does, about two texts.

    The head `cross_encoder` reads both texts together; `bi_encoder` reads each alone and
    compares two vectors.
    """

    name = "match"
    head = "cross_encoder"
    several_labels = ""
    heads = ("bi_encoder",)
    inputs = ("text", "text_b")
    reads_pieces = False
    unstored: ClassVar[tuple[str, ...]] = ()

    def measure(
        self, examples: Sequence[Example], answers: Sequence[LabelAnswer]
    ) -> dict[str, float]:
        """Measure "accuracy" and "macro_f1", the mean of the labels' F1."""
        classes = self.class_scores(examples, answers)
        return {**super().measure(examples, answers), "macro_f1": macro_f1(classes)}

    def labeled_texts(self, examples: Sequence[Example]) -> dict[str, LabeledTexts]:
        """Give nothing: words of two texts side by side do not tell whether they say the same."""
        return {}
