"""embed: a text's vector, to search with, or for a training to begin with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, ClassVar

import numpy as np

from edgetext.data.example import Example
from edgetext.registry import register
from edgetext.tasks.answering import Names
from edgetext.tasks.prediction import Prediction
from edgetext.tasks.task import Task

# The least cosine of two vectors that say the same: int8 rounds as each runtime does.
ALIKE = 0.99


@dataclass(slots=True)
class VectorAnswer(Prediction):
    """vector: the text's, of length 1."""

    vector: tuple[float, ...] = field(default=(), repr=False)
    truncated: bool = False
    score: float = 1.0

    def json_fields(self, text: bytes, top: int) -> dict[str, Any]:
        return {"vector": [round(x, 5) for x in self.vector]}

    def line_parts(self, text: bytes, top: int) -> list[str]:
        return [" ".join(f"{x:.3f}" for x in self.vector)]

    def fault(self, size: int) -> str:
        finite = all(map(isfinite, self.vector))
        return "" if finite else "an answer whose vector is not finite"

    def numbers(self) -> Iterator[float]:
        yield from self.vector


@register("task", "embed")
class Embed(Task[VectorAnswer]):
    """Answers the vector. It is not trained on labels: a model of it learns from another embedder
    (`edgetext pretrain`), is imported, or is one tower of a match model whose head is `bi_encoder`
    (`edgetext export --embed`)."""

    name = "embed"
    head = "vector"
    heads = ("bi_encoder",)
    described: ClassVar[Mapping[str, str]] = {
        "vector": "`vector` float32[1, D]: the text's, of length 1, so that the product of two is "
        "their cosine"
    }
    monitor = ("nearest_same",)

    def read(
        self, outputs: Sequence[np.ndarray], names: Names, text: bytes | None = None
    ) -> VectorAnswer:
        vector, truncated = (output.reshape(-1) for output in outputs)
        return VectorAnswer(tuple(vector.tolist()), bool(truncated[0]))

    def measure(
        self, examples: Sequence[Example], answers: Sequence[VectorAnswer]
    ) -> dict[str, float]:
        """Measure "nearest_same": the share of the texts that have an intent whose nearest other
        text has it, too; nothing where no text has one."""
        labeled = [i for i, example in enumerate(examples) if example.intent is not None]
        if not labeled:
            return {}
        vectors = np.array([answer.vector for answer in answers], np.float32)
        hits = 0
        for i in labeled:
            alike = vectors @ vectors[i]
            alike[i] = -np.inf
            hits += len(examples) > 1 and examples[int(alike.argmax())].intent == examples[i].intent
        return {"nearest_same": hits / len(labeled)}

    def same(self, one: VectorAnswer, other: VectorAnswer) -> bool:
        """Tell whether the cosine is at least ALIKE."""
        return bool(np.dot(one.vector, other.vector) >= ALIKE)

    def json_types(self, names: Names, top: int = 1) -> dict[str, Any]:
        return {"vector": [float]}

    def to_row(self, answer: VectorAnswer, names: Names) -> dict[str, Any]:
        vector = [round(x, 3) for x in answer.vector]
        return {"vector": vector, "truncated": answer.truncated}

    def from_row(self, row: Mapping[str, Any], names: Names) -> VectorAnswer:
        vector = tuple(float(x) for x in row["vector"])
        return VectorAnswer(vector, bool(row["truncated"]))
