"""embed: a text's vector, by one tower of a match model, to search with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.registry import register
from edgetext.tasks.prediction import Prediction
from edgetext.tasks.task import Labels, Names, Task

if TYPE_CHECKING:
    from edgetext.data.example import Example
    from edgetext.models import Network
    from edgetext.text.vocabulary import Vocabulary

# The least cosine of two vectors that say the same: int8 rounds as each runtime does.
ALIKE = 0.99


@register("task", "embed")
class Embed(Task):
    """No labels; output "vector" float32[1, D], of length 1. It is not trained: an artifact of it
    is one tower of a match model whose head is `bi_encoder` (`edgetext export --embed`)."""

    name = "embed"
    head = "bi_encoder"
    outputs = ("vector", "truncated")
    monitor = ("nearest_same",)

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        raise EdgetextError(
            "task embed is not trained; train task match with `head: {type: bi_encoder}` and write "
            "one tower with `edgetext export --embed`"
        )

    def second_stage(self, network: Network, labels: Labels, vocabulary: Vocabulary) -> Any:
        from edgetext.models.networks.bi_encoder import AnswerVector

        return AnswerVector(network)

    def read(self, outputs: Sequence[np.ndarray], names: Names) -> Prediction:
        vector, truncated = (output.reshape(-1) for output in outputs)
        return Prediction(vector=tuple(vector.tolist()), truncated=bool(truncated[0]))

    def measure(self, examples: Sequence[Example], found: Sequence[Prediction]) -> dict[str, float]:
        """ "nearest_same": the share of texts whose nearest other text has their intent."""
        vectors = np.array([answer.vector for answer in found], np.float32)
        hits = 0
        for i, example in enumerate(examples):
            alike = vectors @ vectors[i]
            alike[i] = -np.inf
            hits += len(examples) > 1 and examples[int(alike.argmax())].intent == example.intent
        return {"nearest_same": hits / max(1, len(examples))}

    def same(self, one: Prediction, other: Prediction) -> bool:
        """Whether the cosine is at least ALIKE."""
        return bool(np.dot(one.vector, other.vector) >= ALIKE)

    def to_row(self, answer: Prediction, names: Names) -> dict[str, Any]:
        return {"vector": [round(x, 3) for x in answer.vector], "truncated": answer.truncated}

    def from_row(self, row: Mapping[str, Any], names: Names) -> Prediction:
        vector = tuple(float(x) for x in row["vector"])
        return Prediction(vector=vector, truncated=bool(row["truncated"]))
