"""TOPv2's files: a domain, a text and its tree a line, under a header."""

from __future__ import annotations

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.formats.top import Top
from edgetext.data.trees import TreeError, read_tree
from edgetext.registry import register

HEADER = b"domain\tutterance\tsemantic_parse"


@register("reader", "topv2")
class TopV2(Top):
    """TOPv2 (Chen et al. 2020): as TOP, and the words of a text are those of its tree."""

    header = HEADER

    def _example(self, line: str, source: str) -> Example:
        columns = line.split("\t")
        if len(columns) != 3:
            raise EdgetextError(
                f"{source}: {len(columns)} columns; give domain, text and tree, with tabs between"
            )
        try:
            words = " ".join(read_tree(columns[2]).words)
        except TreeError as error:
            raise EdgetextError(f"{source}: the tree {error}") from error
        return super()._example("\t".join((columns[1], words, columns[2])), source)
