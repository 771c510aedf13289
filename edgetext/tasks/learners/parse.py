"""parse: a tree of labeled nodes over a text, such as intents and slots inside one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from torch import Tensor
from torch.nn.functional import logsigmoid

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.trees import spans_of
from edgetext.models.decoders.decoder import Decoder
from edgetext.models.decoders.parse import TreeDecoder
from edgetext.recipe import TrainingConfig
from edgetext.registry import register
from edgetext.tasks.answers.parse import Parse
from edgetext.tasks.explained import words_of_goal
from edgetext.tasks.explaining import Goal
from edgetext.tasks.learner import Learner
from edgetext.tasks.learners.parse_loss import soft_tree_loss, tree_loss
from edgetext.tasks.learning import BatchLike, Labels, Numbers
from edgetext.tasks.words import IGNORE, word_bounds
from edgetext.text.encoding import Encoding


@register("learner", "parse")
class ParseLearner(Learner):
    """A tree is a set of spans of words, each with a chain of labels: those of the nodes over just
    these words, from the outermost to the innermost, joined by spaces.

    labels {"nodes": [...], "chains": [...], "roots": [...]}: the node labels, and the chains that
    occur inside a text and over the whole of it. Scores are those of models.heads.parse. Targets:
    "root", a chain's number, and "spans" int64[S, 3]: first word, last word, chain.
    """

    task = Parse()
    by_gradients = True

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
        return tree_loss(scores, batch, config.label_smoothing)

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        teacher: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        return soft_tree_loss(scores, teacher, batches, temperature)

    def goal_score(
        self, scores: Mapping[str, Tensor], goal: Goal, encoding: Encoding, labels: Labels
    ) -> Tensor:
        """Give the logarithm of the probability that the words of a node are one, unless it is the
        root, and have its labels."""
        chain = " ".join(goal.chain)
        if goal.is_whole:
            return scores["root"].log_softmax(dim=-1)[:, labels["roots"].index(chain)]
        pieces = np.flatnonzero(encoding.first)
        first, last = (int(pieces[word]) for word in words_of_goal(goal, encoding))
        there = (scores["opens"][:, first] * scores["closes"][:, last]).sum(dim=-1)
        chains = scores["opens_chain"][:, first] + scores["closes_chain"][:, last]
        number = labels["chains"].index(chain)
        return logsigmoid(there) + chains.log_softmax(dim=-1)[:, number]

    def decoder(self, labels: Labels) -> Decoder:
        return TreeDecoder(labels["nodes"], labels["chains"], labels["roots"])
