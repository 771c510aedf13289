"""TOP's files: a text, its words and its tree a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, Node
from edgetext.data.lines import decode, read_lines
from edgetext.data.offsets import byte_offsets
from edgetext.data.reader import Item, Reader, ReaderConfig, make_example
from edgetext.data.trees import TreeError, read_tree
from edgetext.registry import register


class TopConfig(ReaderConfig):
    drop: list[str] = Field(
        default_factory=list,
        description="leave out examples with a node of such a label; * stands for anything",
    )
    text: Literal["raw", "words"] = Field(
        "raw", description="raw: the first column, where there are three; words: the tree's words"
    )


@register("reader", "top")
class Top(Reader):
    """Tab-separated: text, words, tree; or words and tree. See data.trees for the bracket format.

    The text may have other spaces than the words ("what's" for "what 's") and nothing else. An
    example's intent is its root's label.
    """

    Config: ClassVar[type[ReaderConfig]] = TopConfig
    header: ClassVar[bytes] = b""

    def __init__(self, config: TopConfig) -> None:
        super().__init__(config)
        self.config = config

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        for number, row in read_lines(path):
            if not row.strip() or row.strip() == self.header:
                continue
            source = f"{path}:{number}"
            try:
                example = self._example(decode(row, source), source)
            except EdgetextError as error:
                yield error
            else:
                if not self._dropped(example):
                    yield example

    def _dropped(self, example: Example) -> bool:
        return any(
            fnmatchcase(node.label, pattern)
            for pattern in self.config.drop
            for node in example.nodes
        )

    def _example(self, line: str, source: str) -> Example:
        columns = line.split("\t")
        if len(columns) not in (2, 3):
            raise EdgetextError(
                f"{source}: {len(columns)} columns; give text, words and tree, or words and tree, "
                "with tabs between them"
            )
        try:
            tree = read_tree(columns[-1])
        except TreeError as error:
            raise EdgetextError(f"{source}: the tree {error}") from error
        if tuple(columns[-2].split()) != tree.words:
            raise EdgetextError(
                f"{source}: the tree's words ({' '.join(tree.words)}) are not those of the column "
                f"before it ({columns[-2]}); make them equal"
            )
        text = columns[0] if self.config.text == "raw" else " ".join(tree.words)
        bounds = _bounds(text, tree.words, source)
        nodes = tuple(
            Node(node.label, bounds[node.start][0], bounds[node.end - 1][1], node.depth)
            for node in tree.nodes
        )
        return replace(make_example(text, nodes[0].label, (), source), nodes=nodes)


def _bounds(text: str, words: Sequence[str], source: str) -> list[tuple[int, int]]:
    """Start and end byte of each word in a text that differs from them by spaces alone."""
    places = [place for place, character in enumerate(text) if not character.isspace()]
    if "".join(words) != "".join(text[place] for place in places):
        raise EdgetextError(
            f"{source}: the text ({text}) and the words ({' '.join(words)}) differ by more than "
            "spaces; correct one of them, or set `text: words`"
        )
    at = byte_offsets(text)
    bounds, read = [], 0
    for word in words:
        first, last = places[read], places[read + len(word) - 1]
        bounds.append((at[first], at[last + 1]))
        read += len(word)
    return bounds
