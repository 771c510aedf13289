"""classify: what `edgetext init` needs to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from edgetext.data.example import Example
from edgetext.registry import register
from edgetext.starter.needs import need_intents
from edgetext.starter.shape import (
    EVER,
    LABEL_SIZES,
    LABEL_STUDENT,
    Shape,
    Size,
)
from edgetext.starter.starter import Labels, Starter

_PIECES = Shape(
    encoder="""\
type: cnn
embedding: {embedding}
hidden: {hidden}
layers: 2
heads: 4{window}
dropout: 0.3""",
    head="type: classify\ndropout: 0.3",
    student_encoder=LABEL_STUDENT % (2, 1),
    student_head="type: classify\ndropout: 0.05",
    sizes=LABEL_SIZES,
    large_batches=True,
    static=True,
    label_smoothing=0.05,
)
# A position is a word, and one convolution sees three.
_HASHED = replace(
    _PIECES,
    encoder="""\
type: conv
embedding: {embedding}
hidden: {hidden}
layers: 1
kernel: 3                 # words that it sees
normalize: true
dropout: 0.3""",
    head="type: classify\ndropout: 0.4",
    student_encoder="""\
type: conv              # few wide operators: at batch 1 each costs more than its arithmetic
embedding: {student_embedding}
hidden: {student_hidden}
layers: 1
kernel: 3               # words that it sees
normalize: true         # batch norms, folded into the layers when training ends
dropout: 0.1""",
    student_head="type: classify\npooling: maximum\ndropout: 0.2",
    sizes=(
        (2_000, Size(8000, 192, 384, 1000, 48, 96)),
        (10_000, Size(8000, 192, 384, 1500, 48, 128)),
        (EVER, Size(8000, 192, 384, 2500, 64, 224)),
    ),
    # With R-Drop a step is two, and the best epoch comes early where texts are few.
    steps=600,
    student_epochs=2.0,
    token_dropout=(0.1, 0.1),
    label_smoothing=0.1,
    # Smoothed labels make the teacher soft enough.
    temperature=1.0,
    r_drop=1.0,
    grams=((2, 3, 4), (2, 4)),
)
SHAPE = replace(_PIECES, hashed=_HASHED, prefers_hashed=True)


@register("starter", "classify")
class ClassifyStarter(Starter):
    """Texts with an intent each."""

    comment = "The intent of a text, one of {intents}"
    shapes: ClassVar[Mapping[str, Shape]] = {"classify": SHAPE}
    several_labels = "multi_label"
    expects_labels = True
    few = True

    def check(self, examples: Sequence[Example], path: Path) -> None:
        need_intents(examples, path)

    def counted(self, examples: Sequence[Example], labels: Labels) -> Mapping[str, int]:
        return {"intents": labels["intents"]}
