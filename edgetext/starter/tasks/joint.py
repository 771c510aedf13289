"""joint: what `edgetext init` needs to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.registry import register
from edgetext.starter.needs import need_intents
from edgetext.starter.shape import Shape, words_shape
from edgetext.starter.starter import Labels, Starter


@register("starter", "joint")
class JointStarter(Starter):
    """Texts with an intent each, and slots."""

    comment = "The intent of a text and its slots ({intents} intents, {slots} slots)"
    shapes: ClassVar[Mapping[str, Shape]] = {"joint": words_shape("joint", prefers_hashed=True)}
    learns = frozenset({"intents", "slots"})
    fills_slots = True
    expects_labels = True
    few = True

    def check(self, examples: Sequence[Example], path: Path) -> None:
        need_intents(examples, path)
        if not any(e.spans for e in examples):
            raise EdgetextError(
                f"{path}: no text has slots; give data with slots, or use task classify"
            )

    def counted(self, examples: Sequence[Example], labels: Labels) -> Mapping[str, int]:
        return {"intents": labels["intents"], "slots": labels["slots"]}
