"""match: what `edgetext init` needs to know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from edgetext.core.errors import EdgetextError
from edgetext.data.choices import NO_CHOICE, Choices
from edgetext.data.example import Example
from edgetext.data.guess import Guess, guess_pairs
from edgetext.registry import register
from edgetext.starter.needs import need_intents
from edgetext.starter.shape import EVER, WINDOW_STUDENT, Shape, Size
from edgetext.starter.starter import Labels, Starter

_TOGETHER = Shape(
    encoder="""\
type: cnn
embedding: {embedding}
hidden: {hidden}
layers: 2
kernel: 3
dropout: 0.2""",
    head="""\
# It reads both texts together. `edgetext init match DATA --head bi_encoder` gives a head that makes
# a vector of each, which can be stored and searched, and compares the two.
type: cross_encoder
hidden: {hidden}
dropout: 0.2""",
    student_encoder=WINDOW_STUDENT,
    student_head="type: cross_encoder\nhidden: {student_hidden}\ndropout: 0.1",
    sizes=(
        (5_000, Size(2000, 64, 96, 1500, 32, 64)),
        (EVER, Size(4000, 96, 128, 2000, 48, 96)),
    ),
    steps=3500,
    epochs=(8, 30),
    student_epochs=1.0,
    rates=(0.001, 0.002),
    token_dropout=(0.05, 0.05),
    least_bytes=256,
)
_ALONE = Shape(
    encoder="""\
type: conv
embedding: {embedding}
hidden: {hidden}
layers: 2
kernel: 3                 # pieces that each of its layers sees
heads: 1{window}
attention_after: 1        # attention after the first of the layers
normalize: true           # without it all vectors can stay alike
dropout: 0.3""",
    head="""\
# A vector of each text alone, and their cosine. `edgetext export --embed` writes one tower by
# itself, whose vectors can be stored and searched.
type: bi_encoder
dimension: 128
compare: cosine
dropout: 0.2""",
    student_encoder=WINDOW_STUDENT,
    student_head="type: bi_encoder\ndimension: 64\ncompare: cosine\ndropout: 0.1",
    sizes=(
        (5_000, Size(2000, 96, 128, 1500, 48, 96)),
        (EVER, Size(3000, 128, 192, 2000, 48, 96)),
    ),
    steps=3500,
    epochs=(8, 30),
    rates=(0.003, 0.003),
    token_dropout=(0.1, 0.05),
    soft_weight=0.7,
    least_bytes=256,
)


@register("starter", "match")
class MatchStarter(Starter):
    """Pairs of texts with a label each."""

    comment = "Which of {intents} labels a pair of texts has"
    shapes: ClassVar[Mapping[str, Shape]] = {"cross_encoder": _TOGETHER, "bi_encoder": _ALONE}
    paired = True
    called = "pairs"
    divided_by = "first text"

    def guess(self, path: Path, choices: Choices = NO_CHOICE) -> Guess:
        return guess_pairs(path, choices)

    def check(self, examples: Sequence[Example], path: Path) -> None:
        need_intents(examples, path)
        counts = Counter(e.intent for e in examples)
        if len(counts) > len(examples) / 2:
            raise EdgetextError(
                f"{path}: {len(counts):,} labels for {len(examples):,} pairs, as "
                f"{examples[0].intent!r}; match chooses among a few, so give the column of the "
                "label, or round scores to some"
            )

    def counted(self, examples: Sequence[Example], labels: Labels) -> Mapping[str, int]:
        return {"labels": labels["intents"]}
