"""parse: a tree of labeled nodes over a text, such as intents and slots inside one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, ClassVar

import numpy as np

from edgetext.data.example import Example, Node
from edgetext.data.trees import spans_of, well_formed, write_tree
from edgetext.registry import register
from edgetext.tasks.answering import Names
from edgetext.tasks.explaining import Asked, Goal, likeness, no_labels, range_goal
from edgetext.tasks.metrics import f1_of_counts
from edgetext.tasks.prediction import PLACE, Prediction
from edgetext.tasks.task import Task


@dataclass(slots=True)
class TreeAnswer(Prediction):
    """nodes: the tree, in preorder."""

    nodes: tuple[Node, ...] = ()
    truncated: bool = False
    score: float = 1.0

    def json_fields(self, text: bytes, top: int) -> dict[str, Any]:
        nodes = [
            {"label": node.label, "depth": node.depth, **node.place(text)} for node in self.nodes
        ]
        return {"nodes": nodes, "tree": write_tree(text, self.nodes)}

    def line_parts(self, text: bytes, top: int) -> list[str]:
        return [write_tree(text, self.nodes)]

    def ranges(self) -> Iterator[tuple[int, int]]:
        for node in self.nodes:
            yield node.start, node.end


@register("task", "parse")
class Parse(Task[TreeAnswer]):
    """Answers one tree."""

    name = "parse"
    head = "parse"
    described: ClassVar[Mapping[str, str]] = {
        "nodes": "`nodes` int32[1, N, 4]: rows of label (index), start byte, end byte (exclusive), "
        "depth; the nodes of a tree in preorder, a parent before its children"
    }
    needs_words = True
    monitor = ("exact_match", "bracket_f1")

    def read(
        self, outputs: Sequence[np.ndarray], names: Names, text: bytes | None = None
    ) -> TreeAnswer:
        nodes, truncated = outputs
        return TreeAnswer(
            tuple(
                Node(names["nodes"][x], start, end, depth, text)
                for x, start, end, depth in nodes.reshape(-1, 4).tolist()
            ),
            bool(truncated.reshape(-1)[0]),
        )

    def finds_nothing(self, answer: TreeAnswer) -> bool:
        return not answer.nodes

    def json_types(self, names: Names, top: int = 1) -> dict[str, Any]:
        return {"nodes": [{"label": str, "depth": int, **PLACE}], "tree": str}

    def goal(self, answer: TreeAnswer, names: Names, asked: Asked) -> Goal:
        """Choose a node, the root by default, with all that stand in its place."""
        no_labels(asked, self.name)
        goal = range_goal(answer.nodes, asked, names["nodes"], "node")
        chain = tuple(
            node.label for node in answer.nodes if (node.start, node.end) == (goal.start, goal.end)
        )
        root = answer.nodes[0]
        is_whole = (root.start, root.end) == (goal.start, goal.end)
        return replace(goal, chain=chain, is_whole=is_whole)

    def worth(self, answer: TreeAnswer, goal: Goal) -> float:
        return likeness(goal, ((n.start, n.end, 1) for n in answer.nodes if n.label == goal.label))

    def to_row(self, answer: TreeAnswer, names: Names) -> dict[str, Any]:
        label = {name: i for i, name in enumerate(names["nodes"])}
        return {
            "nodes": [[label[n.label], n.start, n.end, n.depth] for n in answer.nodes],
            "truncated": answer.truncated,
        }

    def from_row(self, row: Mapping[str, Any], names: Names) -> TreeAnswer:
        rows = np.array(row["nodes"], dtype=np.int32).reshape(-1, 4)
        return self.read((rows, np.array([row["truncated"]])), names)

    def used(self, example: Example) -> Iterator[tuple[str, str, str]]:
        for node in example.nodes:
            yield "nodes", "label", node.label

    def measure(
        self, examples: Sequence[Example], answers: Sequence[TreeAnswer]
    ) -> dict[str, float]:
        """Measure "exact_match": all nodes right; "bracket_f1": micro-averaged over nodes (label,
        start, end), as EVALB counts brackets; "well_formed": the share of answers that are one
        tree."""
        pairs = [(e.nodes, a.nodes) for e, a in zip(examples, answers, strict=True)]
        gold, predicted, hits = 0, 0, 0
        for gold_nodes, answered in pairs:
            one, other = (
                Counter((n.label, n.start, n.end) for n in x) for x in (gold_nodes, answered)
            )
            gold, predicted = gold + len(gold_nodes), predicted + len(answered)
            hits += (one & other).total()
        count = max(1, len(pairs))
        return {
            "exact_match": sum(gold_nodes == answered for gold_nodes, answered in pairs) / count,
            "bracket_f1": f1_of_counts(hits, predicted, gold),
            "well_formed": sum(bool(answered) and well_formed(answered) for _, answered in pairs)
            / count,
        }

    def decisions(self, example: Example, answer: TreeAnswer) -> Iterator[tuple[str, str, str]]:
        """Nodes are compared where their bounds are the same, from the outermost inwards."""
        gold = {(start, end): chain for start, end, chain in spans_of(example.nodes)}
        answered = {(start, end): chain for start, end, chain in spans_of(answer.nodes)}
        for where in sorted(gold.keys() | answered.keys()):
            pairs = zip_longest(
                gold.get(where, "").split(), answered.get(where, "").split(), fillvalue=""
            )
            for wanted, given in pairs:
                yield "node", wanted, given

    def same(self, one: TreeAnswer, other: TreeAnswer) -> bool:
        return one.nodes == other.nodes
