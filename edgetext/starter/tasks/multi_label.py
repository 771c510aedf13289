"""multi_label: what `edgetext init` needs to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.registry import register
from edgetext.starter.shape import Shape
from edgetext.starter.starter import Labels, Starter
from edgetext.starter.tasks.classify import SHAPE

_SHAPE = replace(
    SHAPE,
    head="type: multi_label\ndropout: 0.3",
    student_head="type: multi_label\ndropout: 0.05",
    label_smoothing=0.0,
    hashed=None,
    prefers_hashed=False,
)


@register("starter", "multi_label")
class MultiLabelStarter(Starter):
    """Texts with none, one or several labels each."""

    comment = "The labels of a text, none or several of {intents}"
    shapes: ClassVar[Mapping[str, Shape]] = {"multi_label": _SHAPE}

    def check(self, examples: Sequence[Example], path: Path) -> None:
        bare = next((e for e in examples if e.text_labels is None), None)
        if bare is not None:
            raise EdgetextError(
                f"{bare.source}: the text has no labels, which this task learns; add them to each "
                "text, or an empty list"
            )
        if len({frozenset(e.text_labels or ()) for e in examples}) < 2:
            raise EdgetextError(
                f"{path}: every text has the same labels; a model needs texts that differ"
            )

    def counted(self, examples: Sequence[Example], labels: Labels) -> Mapping[str, int]:
        several = sum(len(e.text_labels or ()) > 1 for e in examples)
        return {"labels": labels["intents"], "texts with several": several}
