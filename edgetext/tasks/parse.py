"""parse: a tree of labelled nodes over a text, such as intents and slots inside one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, Node
from edgetext.data.trees import well_formed
from edgetext.registry import register
from edgetext.tasks.metrics import f1_of_counts
from edgetext.tasks.prediction import Prediction
from edgetext.tasks.task import BatchLike, Labels, Names, Numbers, Task
from edgetext.tasks.words import IGNORE, word_bounds

if TYPE_CHECKING:
    from torch import Tensor, nn

    from edgetext.recipe import TrainingConfig
    from edgetext.text.vocabulary import Encoding


@register("task", "parse")
class Parse(Task):
    """A tree is a set of spans of words, each with a chain of labels: those of the nodes over just
    these words, from the outermost to the innermost, joined by spaces.

    labels {"nodes": [...], "chains": [...], "roots": [...]}: the node labels, and the chains that
    occur inside a text and over the whole of it. Scores are those of models.heads.parse. Targets:
    "root", a chain's number, and "spans" int64[S, 3]: first word, last word, chain.
    """

    name = "parse"
    head = "parse"
    outputs = ("nodes", "truncated")
    monitor = ("exact_match", "bracket_f1")
    needs_words = True

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        missing = next((e for e in examples if not e.nodes), None)
        if missing is not None:
            raise EdgetextError(f"{missing.source}: the line has no tree; add one")
        roots, chains = set(), set()
        for example in examples:
            root, *rest = spans_of(example.nodes)
            roots.add(root[2])
            chains |= {chain for _, _, chain in rest}
        if not chains:
            raise EdgetextError(
                "no tree of the training split has a node below its root; give deeper trees or set "
                "`task: classify`"
            )
        nodes = {node.label for example in examples for node in example.nodes}
        return {
            "intent": [],
            "tags": [],
            "nodes": sorted(nodes),
            "chains": sorted(chains),
            "roots": sorted(roots),
        }

    def names(self, labels: Labels) -> dict[str, list[str]]:
        return {"intent": [], "slots": [], "nodes": list(labels["nodes"])}

    def used(self, example: Example) -> Iterator[tuple[str, str, str]]:
        for node in example.nodes:
            yield "nodes", "label", node.label

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        """A node that begins or ends inside a word covers the whole word; a chain that training
        lacks is IGNORE."""
        empty: np.ndarray = np.zeros((0, 3), dtype=np.int64)
        start, end = word_bounds(encoding)
        if not example.nodes or not len(start):
            return {"root": IGNORE, "spans": empty}
        (_, _, root), *rest = spans_of(example.nodes)
        rows = {}
        for first_byte, end_byte, chain in rest:
            inside = np.flatnonzero((start < end_byte) & (end > first_byte))
            if len(inside) and len(inside) < len(start):
                at = (int(inside[0]), int(inside[-1]))
                rows[at] = numbers["chains"].get(chain, IGNORE)
        return {
            "root": numbers["roots"].get(root, IGNORE),
            "spans": np.array([(*at, chain) for at, chain in rows.items()], np.int64).reshape(
                -1, 3
            ),
        }

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        from edgetext.tasks.parse_loss import tree_loss

        return tree_loss(scores, batch, config.label_smoothing)

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        wanted: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        from edgetext.tasks.parse_loss import soft_tree_loss

        return soft_tree_loss(scores, wanted, batches, temperature)

    def decoder(self, labels: Labels) -> nn.Module:
        from edgetext.models.decoders.parse import TreeDecoder

        return TreeDecoder(labels["nodes"], labels["chains"], labels["roots"])

    def read(self, outputs: Sequence[np.ndarray], names: Names) -> Prediction:
        nodes, truncated = outputs
        return Prediction(
            nodes=tuple(Node(names["nodes"][x], *at) for x, *at in nodes.reshape(-1, 4).tolist()),
            truncated=bool(truncated.reshape(-1)[0]),
        )

    def measure(self, examples: Sequence[Example], found: Sequence[Prediction]) -> dict[str, float]:
        """ "exact_match": all nodes right; "bracket_f1": micro-averaged over nodes (label, start,
        end), as EVALB counts brackets; "well_formed": the share of answers that are one tree."""
        pairs = [(e.nodes, a.nodes or ()) for e, a in zip(examples, found, strict=True)]
        gold, predicted, hits = 0, 0, 0
        for wanted, given in pairs:
            one, other = (Counter((n.label, n.start, n.end) for n in x) for x in (wanted, given))
            gold, predicted = gold + len(wanted), predicted + len(given)
            hits += (one & other).total()
        count = max(1, len(pairs))
        return {
            "exact_match": sum(wanted == given for wanted, given in pairs) / count,
            "bracket_f1": f1_of_counts(hits, predicted, gold),
            "well_formed": sum(bool(given) and well_formed(given) for _, given in pairs) / count,
        }

    def decisions(self, example: Example, answer: Prediction) -> Iterator[tuple[str, str, str]]:
        """Nodes are compared where their bounds are the same, from the outermost inwards."""
        gold = {(start, end): chain for start, end, chain in spans_of(example.nodes)}
        found = {(start, end): chain for start, end, chain in spans_of(answer.nodes or ())}
        for where in sorted(gold.keys() | found.keys()):
            pairs = zip_longest(
                gold.get(where, "").split(), found.get(where, "").split(), fillvalue=""
            )
            for wanted, given in pairs:
                yield "node", wanted, given

    def finds_nothing(self, answer: Prediction) -> bool:
        return not answer.nodes

    def same(self, one: Prediction, other: Prediction) -> bool:
        return one.nodes == other.nodes

    def to_row(self, answer: Prediction, names: Names) -> dict[str, Any]:
        label = {name: i for i, name in enumerate(names["nodes"])}
        return {
            "nodes": [[label[n.label], n.start, n.end, n.depth] for n in answer.nodes or ()],
            "truncated": answer.truncated,
        }

    def from_row(self, row: Mapping[str, Any], names: Names) -> Prediction:
        rows = np.array(row["nodes"], dtype=np.int32).reshape(-1, 4)
        return self.read((rows, np.array([row["truncated"]])), names)


def spans_of(nodes: Sequence[Node]) -> list[tuple[int, int, str]]:
    """(start, end, chain) of a tree's spans, in preorder; nodes over the same bytes are a chain."""
    chains: dict[tuple[int, int], list[str]] = {}
    for node in nodes:
        chains.setdefault((node.start, node.end), []).append(node.label)
    return [(*at, " ".join(labels)) for at, labels in chains.items()]
