"""classify: one label a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.registry import register
from edgetext.tasks.metrics import accuracy
from edgetext.tasks.prediction import Prediction
from edgetext.tasks.task import BatchLike, Labels, Names, Numbers, Task
from edgetext.tasks.words import IGNORE

if TYPE_CHECKING:
    from torch import Tensor, nn

    from edgetext.recipe import TrainingConfig
    from edgetext.text.vocabulary import Encoding

# Intents that mean "none of the others", by the names that public data sets give them.
OUT_OF_SCOPE = ("oos", "out_of_scope")


@register("task", "classify")
class Classify(Task):
    """labels {"intent": [...], "tags": []}; scores "intent" float[B, C]; target "intent"."""

    name = "classify"
    head = "classify"
    outputs = ("scores", "truncated")
    monitor = ("accuracy",)

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        return {"intent": intent_names(examples), "tags": []}

    def names(self, labels: Labels) -> dict[str, list[str]]:
        return {"intent": list(labels["intent"]), "slots": []}

    def used(self, example: Example) -> Iterator[tuple[str, str, str]]:
        if example.intent is not None:
            yield "intent", "intent", example.intent

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        intent = example.intent
        return {"intent": IGNORE if intent is None else numbers["intent"][intent]}

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        from edgetext.tasks.losses import label_loss

        return label_loss(scores["intent"], batch.targets["intent"], config.label_smoothing)

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        wanted: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        from edgetext.tasks.losses import soft_label_loss

        return soft_label_loss(scores["intent"], wanted["intent"], temperature)

    def decoder(self, labels: Labels) -> nn.Module:
        from edgetext.models.decoders.labels import ClassDecoder

        return ClassDecoder()

    def read(self, outputs: Sequence[np.ndarray], names: Names) -> Prediction:
        return read_intent(outputs[0], names["intent"], truncated=outputs[-1])

    def measure(self, examples: Sequence[Example], found: Sequence[Prediction]) -> dict[str, float]:
        return intent_metrics(examples, found)


def intent_names(examples: Sequence[Example]) -> list[str]:
    """The sorted intents; EdgetextError when a line has none, or all have the same."""
    missing = next((e for e in examples if e.intent is None), None)
    if missing is not None:
        raise EdgetextError(f"{missing.source}: the line has no intent label; add one")
    intents = sorted({str(e.intent) for e in examples})
    if len(intents) < 2:
        raise EdgetextError(
            f"the training split has {len(intents)} intent label(s); a classifier needs at least 2"
        )
    return intents


def read_intent(scores: np.ndarray, intents: Sequence[str], truncated: np.ndarray) -> Prediction:
    """Probabilities float[..., C] as an answer without spans."""
    each: list[float] = scores.reshape(-1).tolist()
    score = max(each)
    known = dict(zip(intents, each, strict=True))
    return Prediction(
        intent=intents[each.index(score)],
        score=score,
        truncated=bool(truncated.item()),
        scores=known,
    )


def intent_metrics(examples: Sequence[Example], found: Sequence[Prediction]) -> dict[str, float]:
    """ "accuracy"; where the gold has an intent of OUT_OF_SCOPE also "in_scope_accuracy", over the
    other texts, and "out_of_scope_recall"."""
    gold = [str(e.intent) for e in examples]
    predicted = [str(a.intent) for a in found]
    metrics = {"accuracy": accuracy(gold, predicted)}
    pairs = list(zip(gold, predicted, strict=True))
    outside = [g == p for g, p in pairs if g in OUT_OF_SCOPE]
    if outside:
        inside = [g == p for g, p in pairs if g not in OUT_OF_SCOPE]
        metrics["in_scope_accuracy"] = sum(inside) / max(1, len(inside))
        metrics["out_of_scope_recall"] = sum(outside) / len(outside)
    return metrics
