"""Made-up trees: subtrees of one label change places between training examples."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict, Field

from edgetext.data.example import Example, Node
from edgetext.registry import register


class SubtreesConfig(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_default=True)

    probability: float = Field(0.2, gt=0, le=1, description="chance that a subtree is exchanged")


@dataclass(frozen=True, slots=True)
class _Subtree:
    """Its words in UTF-8, and its nodes, counted from its own beginning and depth."""

    text: bytes
    nodes: tuple[Node, ...]


@register("augmentation", "subtrees")
class SubtreeSwap:
    """Give trees the subtrees that other training examples have under the same label.

    Subtrees are drawn as often as they occur. One whose parent is over the same words stays with
    its parent, so that no new chain of labels comes about.
    """

    Config = SubtreesConfig

    def __init__(self, config: SubtreesConfig, examples: Sequence[Example]) -> None:
        self.probability = config.probability
        self.examples = examples
        self.donors: dict[str, list[_Subtree]] = {}
        for example in examples:
            raw = example.text.encode("utf-8")
            for at, node in enumerate(example.nodes):
                if at and not _in_chain(example.nodes, at):
                    nodes = tuple(
                        _moved(n, -node.start, -node.depth)
                        for n in example.nodes[at : _behind(example.nodes, at)]
                    )
                    found = _Subtree(raw[node.start : node.end], nodes)
                    self.donors.setdefault(node.label, []).append(found)

    def __call__(self, rng: random.Random) -> list[Example]:
        return [self._swapped(example, rng) for example in self.examples]

    def _swapped(self, example: Example, rng: random.Random) -> Example:
        if not example.nodes:
            return example
        raw = example.text.encode("utf-8")
        root = example.nodes[0]
        text = bytearray(raw[: root.start])
        nodes: list[Node] = []
        self._copy(raw, example.nodes, 0, rng, text, nodes)
        text += raw[root.end :]
        # Its words are others now, so what it was before noise no longer corresponds to it.
        return replace(example, text=text.decode("utf-8"), nodes=tuple(nodes), clean=None)

    def _copy(
        self,
        raw: bytes,
        old: Sequence[Node],
        at: int,
        rng: random.Random,
        text: bytearray,
        nodes: list[Node],
    ) -> None:
        """Append the subtree at `at`, some of those in it exchanged."""
        node = old[at]
        place, begin, read = len(nodes), len(text), node.start
        nodes.append(node)
        for child in _children(old, at):
            inner = old[child]
            text += raw[read : inner.start]
            if _in_chain(old, child) or rng.random() >= self.probability:
                self._copy(raw, old, child, rng, text, nodes)
            else:
                donor = rng.choice(self.donors[inner.label])
                nodes += [_moved(n, len(text), inner.depth) for n in donor.nodes]
                text += donor.text
            read = inner.end
        text += raw[read : node.end]
        nodes[place] = Node(node.label, begin, len(text), node.depth)


def _moved(node: Node, by: int, deeper: int) -> Node:
    return Node(node.label, node.start + by, node.end + by, node.depth + deeper)


def _behind(nodes: Sequence[Node], at: int) -> int:
    """The place behind the subtree at `at`, in preorder."""
    depth = nodes[at].depth
    return next((i for i in range(at + 1, len(nodes)) if nodes[i].depth <= depth), len(nodes))


def _children(nodes: Sequence[Node], at: int) -> Iterator[int]:
    child, end = at + 1, _behind(nodes, at)
    while child < end:
        yield child
        child = _behind(nodes, child)


def _in_chain(nodes: Sequence[Node], at: int) -> bool:
    """Whether the parent of the node at `at` is over the same words: the node before it then is."""
    one, other = nodes[at - 1], nodes[at]
    return one.depth < other.depth and (one.start, one.end) == (other.start, other.end)
