"""classify: what `edgetext init` needs to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from edgetext.data.example import Example
from edgetext.registry import register
from edgetext.starter.needs import need_intents
from edgetext.starter.shape import HASHED_STUDENT, LABEL_SIZES, LABEL_STUDENT, Shape
from edgetext.starter.starter import Labels, Starter

SHAPE = Shape(
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
    label_smoothing=True,
    hashed_encoder=HASHED_STUDENT,
)


@register("starter", "classify")
class ClassifyStarter(Starter):
    """Texts with an intent each."""

    comment = "The intent of a text, one of {intents}"
    shapes: ClassVar[Mapping[str, Shape]] = {"classify": SHAPE}
    several_labels = "multi_label"
    expects_labels = True

    def check(self, examples: Sequence[Example], path: Path) -> None:
        need_intents(examples, path)

    def counted(self, examples: Sequence[Example], labels: Labels) -> Mapping[str, int]:
        return {"intents": labels["intents"]}
