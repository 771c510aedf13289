"""tag: what `edgetext init` needs to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.registry import register
from edgetext.starter.shape import Shape, words_shape
from edgetext.starter.starter import Labels, Starter


@register("starter", "tag")
class TagStarter(Starter):
    """Texts with labeled spans."""

    comment = "The labeled spans of a text ({slots} labels)"
    shapes: ClassVar[Mapping[str, Shape]] = {"tag": words_shape("tag")}
    learns = frozenset({"slots"})
    fills_slots = True
    few = True

    def check(self, examples: Sequence[Example], path: Path) -> None:
        if not any(e.spans for e in examples):
            raise EdgetextError(f"{path}: no text has labeled spans; give data with tags or spans")

    def counted(self, examples: Sequence[Example], labels: Labels) -> Mapping[str, int]:
        return {"labels": labels["slots"]}
