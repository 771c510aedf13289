"""parse: what `edgetext init` needs to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.registry import register
from edgetext.starter.shape import Shape, words_shape
from edgetext.starter.starter import Labels, Starter


@register("starter", "parse")
class ParseStarter(Starter):
    """Texts with a tree each."""

    comment = "The tree of a text ({nodes} labels of nodes)"
    shapes: ClassVar[Mapping[str, Shape]] = {"parse": words_shape("parse")}
    learns = frozenset({"nodes"})

    def check(self, examples: Sequence[Example], path: Path) -> None:
        bare = next((e for e in examples if not e.nodes), None)
        if bare is not None:
            raise EdgetextError(f"{bare.source}: the text has no tree; give data of type top")

    def counted(self, examples: Sequence[Example], labels: Labels) -> Mapping[str, int]:
        return {"labels of nodes": labels["nodes"]}
