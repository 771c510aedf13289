"""lm: what `edgetext init` needs to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from edgetext.core.integers import ceil_div
from edgetext.data.choices import NO_CHOICE, Choices
from edgetext.data.example import Example
from edgetext.data.guess import Guess, guess_text
from edgetext.registry import register
from edgetext.starter.shape import EVER, Shape, Size
from edgetext.starter.starter import Labels, Starter

_SHAPE = Shape(
    encoder="""\
type: lstm
causal: true              # no piece sees a later one
embedding: {embedding}
hidden: {hidden}
layers: 1
heads: 0
dropout: 0.3""",
    head="type: lm\ndropout: 0.3",
    student_encoder="""\
type: transformer
causal: true
embedding: {student_embedding}
hidden: {student_hidden}
layers: 2
heads: 4
feed_forward: 256
kernel: 3
dropout: 0.05""",
    student_head="type: lm\ndropout: 0.05",
    sizes=(  # by parts of `max_bytes`
        (8_000, Size(3000, 128, 256, 3000, 96, 96)),
        (EVER, Size(5000, 192, 512, 5000, 128, 128)),
    ),
    steps=5000,
    epochs=(4, 15),
    student_epochs=0.8,
    rates=(0.003, 0.004),
    token_dropout=(0.0, 0.0),
    ema=False,
    qat=False,
    temperature=1.0,
    soft_weight=0.5,
    least_bytes=256,
    most_bytes=256,
    too_long="of the text before the cursor",
    lowercase=False,
    own_pieces=False,
    accelerator=True,
)


@register("starter", "lm")
class LmStarter(Starter):
    """Texts, whatever they are."""

    comment = "The words that come next in a text"
    shapes: ClassVar[Mapping[str, Shape]] = {"lm": _SHAPE}
    divided_by = "paragraph"

    def guess(self, path: Path, choices: Choices = NO_CHOICE) -> Guess:
        return guess_text(path, choices)

    def check(self, examples: Sequence[Example], path: Path) -> None:
        """Need nothing but text."""

    def counted(self, examples: Sequence[Example], labels: Labels) -> Mapping[str, int]:
        return {"words": sum(len(e.text.split()) for e in examples)}

    def parts(self, example: Example) -> int:
        """Count the windows in which a text is read."""
        return ceil_div(len(example.text.encode("utf-8")), _SHAPE.most_bytes)
