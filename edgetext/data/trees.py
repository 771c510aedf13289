"""Trees over a text and their bracket format, as in `[IN:GET_EVENT fairs [SL:DATE_TIME today ] ]`.

A node begins with `[LABEL` and ends with `]`; words and these stand between spaces (Gupta et al.
2018, the data set TOP).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edgetext.data.example import Node


class TreeError(ValueError):
    """What is wrong with a bracketing, to stand after "the tree"."""


@dataclass(frozen=True, slots=True)
class Tree:
    """words, and nodes in preorder whose start and end count words, not bytes."""

    words: tuple[str, ...]
    nodes: tuple[Node, ...]


def read_tree(line: str) -> Tree:
    """The tree of a line; TreeError unless it is one root around all words, without empty nodes."""
    words: list[str] = []
    nodes: list[Node | None] = []
    open_nodes: list[tuple[int, str, int]] = []  # place among `nodes`, label, first word
    for part in line.split():
        if part != "]" and nodes and not open_nodes:
            raise TreeError(f"goes on with {part!r} after its root has closed; give it one root")
        if part == "]":
            if not open_nodes:
                raise TreeError("closes a bracket that is not open; remove a `]`")
            place, label, first = open_nodes.pop()
            if first == len(words):
                raise TreeError(f"has a node {label} without words; remove it")
            nodes[place] = Node(label, first, len(words), len(open_nodes))
        elif part.startswith("["):
            if part == "[":
                raise TreeError("has a `[` without a label; write it as in `[SL:DATE today ]`")
            open_nodes.append((len(nodes), part[1:], len(words)))
            nodes.append(None)
        elif not open_nodes:
            raise TreeError(f"begins with {part!r}; begin with the root's bracket and label")
        else:
            words.append(part)
    if open_nodes:
        raise TreeError(f"does not close {open_nodes[-1][1]}; add a `]`")
    if not nodes:
        raise TreeError("is empty; write one or remove the line")
    return Tree(tuple(words), tuple(node for node in nodes if node is not None))


def write_tree(text: bytes, nodes: Sequence[Node]) -> str:
    """The bracket format of a tree over bytes, in preorder, which must be `well_formed`.

    Words are what stands between spaces; a node that begins or ends inside one divides it.
    """
    parts: list[str] = []
    open_nodes: list[Node] = []
    at = 0

    def words_until(byte: int) -> None:
        nonlocal at
        parts.extend(text[at:byte].decode("utf-8", "replace").split())
        at = max(at, byte)

    def close_until(depth: int) -> None:
        while len(open_nodes) > depth:
            words_until(open_nodes.pop().end)
            parts.append("]")

    for node in nodes:
        close_until(node.depth)
        words_until(node.start)
        parts.append(f"[{node.label}")
        open_nodes.append(node)
    close_until(0)
    words_until(len(text))
    return " ".join(parts)


def well_formed(nodes: Sequence[Node]) -> bool:
    """Whether these are the nodes of one tree: in preorder, each inside its parent and after its
    siblings, none empty, with one root. No nodes are no tree, which is all that an empty text has.
    """
    path: list[Node] = []
    for place, node in enumerate(nodes):
        del path[node.depth :]
        if (node.depth == 0) != (place == 0) or len(path) != node.depth or node.start >= node.end:
            return False
        if path and not path[-1].start <= node.start < node.end <= path[-1].end:
            return False
        if place and node.depth <= nodes[place - 1].depth and node.start < _end(nodes, place):
            return False
        path.append(node)
    return True


def _end(nodes: Sequence[Node], place: int) -> int:
    """Where the sibling before the node at `place` ends."""
    depth = nodes[place].depth
    return next(n.end for n in reversed(nodes[:place]) if n.depth == depth)


def spans_of(nodes: Sequence[Node]) -> list[tuple[int, int, str]]:
    """Give (start, end, chain) of a tree's spans, in preorder; nodes over the same bytes are a
    chain, their labels joined by spaces."""
    chains: dict[tuple[int, int], list[str]] = {}
    for node in nodes:
        chains.setdefault((node.start, node.end), []).append(node.label)
    return [(*at, " ".join(labels)) for at, labels in chains.items()]
