"""summarize: what `edgetext init` needs to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from edgetext.core.errors import EdgetextError
from edgetext.data.choices import NO_CHOICE, Choices
from edgetext.data.example import Example
from edgetext.data.guess import Guess, guess_summaries
from edgetext.registry import register
from edgetext.starter.shape import EVER, Shape, Size
from edgetext.starter.starter import Labels, Starter

_SHAPE = Shape(
    encoder="""\
type: bag                 # words alone: a few thousand texts teach no more
embedding: {embedding}
hidden: {hidden}
dropout: 0.5""",
    head="""\
type: summarize
hidden: {hidden}
queries: 4                # weighted means of a sentence's words
layers: 1                 # in which the sentences see each other
heads: 4
dropout: 0.5""",
    student_encoder="""\
type: conv
embedding: {student_embedding}
hidden: {student_hidden}
layers: 1
kernel: 1               # no neighbours
dropout: 0.1""",
    student_head="""\
type: summarize
hidden: 32
queries: 2
layers: 1
heads: 1
dropout: 0.1""",
    sizes=(
        (1_000, Size(2000, 64, 64, 1500, 32, 48)),
        (EVER, Size(4000, 64, 64, 2500, 32, 48)),
    ),
    steps=500,
    epochs=(8, 16),
    student_epochs=1.5,
    token_dropout=(0.1, 0.1),
    soft_weight=0.8,
)


@register("starter", "summarize")
class SummarizeStarter(Starter):
    """Texts with a summary each."""

    comment = "The sentence that says best what a text is about"
    shapes: ClassVar[Mapping[str, Shape]] = {"summarize": _SHAPE}

    def guess(self, path: Path, choices: Choices = NO_CHOICE) -> Guess:
        return guess_summaries(path, choices)

    def check(self, examples: Sequence[Example], path: Path) -> None:
        bare = next((e for e in examples if not e.references), None)
        if bare is not None:
            raise EdgetextError(
                f"{bare.source}: the text has no summary; give data of type summaries"
            )

    def counted(self, examples: Sequence[Example], labels: Labels) -> Mapping[str, int]:
        return {"summaries": sum(len(e.references) for e in examples)}
