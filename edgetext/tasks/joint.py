"""joint: one intent a text, and its slots as spans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.registry import register
from edgetext.tasks.classify import Classify, intent_metrics, intent_names, read_intent
from edgetext.tasks.metrics import frame_accuracy, span_scores
from edgetext.tasks.prediction import Prediction
from edgetext.tasks.tag import Tag
from edgetext.tasks.task import BatchLike, Labels, Names, Numbers, Task
from edgetext.tasks.words import read_spans, slot_names, tag_names

if TYPE_CHECKING:
    from torch import Tensor, nn

    from edgetext.recipe import TrainingConfig
    from edgetext.text.vocabulary import Encoding

# What a joint model learns, one after the other.
_INTENT, _SPANS = Classify(), Tag()


@register("task", "joint")
class Joint(Task):
    """labels {"intent": [...], "tags": ["O", "B-x", "I-x", ...]}; scores "intent" float[B, C] and
    "tags" float[B, T, K]; targets of the same names."""

    name = "joint"
    head = "joint"
    outputs = ("scores", "spans", "truncated")
    monitor = ("frame_accuracy", "span_f1")
    needs_words = True

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        intents, tags = intent_names(examples), tag_names(examples)
        if len(tags) == 1:
            raise EdgetextError(
                "the training split has no slot spans; give data with slots or set `task: classify`"
            )
        return {"intent": intents, "tags": tags}

    def names(self, labels: Labels) -> dict[str, list[str]]:
        return {"intent": list(labels["intent"]), "slots": slot_names(labels["tags"])}

    def used(self, example: Example) -> Iterator[tuple[str, str, str]]:
        if example.intent is not None:
            yield "intent", "intent", example.intent
        for span in example.spans:
            yield "slots", "slot", span.label

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        return {
            **_INTENT.targets(example, encoding, numbers),
            **_SPANS.targets(example, encoding, numbers),
        }

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        """The intent's plus `tag_weight` times the tags' cross-entropy."""
        intent, tags = (part.loss(scores, batch, config) for part in (_INTENT, _SPANS))
        return intent + config.tag_weight * tags

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        wanted: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        intent, tags = (
            part.soft_loss(scores, wanted, batches, temperature, config)
            for part in (_INTENT, _SPANS)
        )
        return intent + config.tag_weight * tags

    def decoder(self, labels: Labels) -> nn.Module:
        from edgetext.models.decoders.labels import JointDecoder

        return JointDecoder(len(labels["tags"]))

    def read(self, outputs: Sequence[np.ndarray], names: Names) -> Prediction:
        scores, spans, truncated = outputs
        answer = read_intent(scores, names["intent"], truncated)
        answer.spans = read_spans(spans, names["slots"])
        return answer

    def finds_nothing(self, answer: Prediction) -> bool:
        return _SPANS.finds_nothing(answer)

    def measure(self, examples: Sequence[Example], found: Sequence[Prediction]) -> dict[str, float]:
        """What `intent_metrics` gives, "span_f1" and "frame_accuracy"."""
        gold = [e.spans for e in examples]
        predicted = [a.spans for a in found]
        return {
            **intent_metrics(examples, found),
            "span_f1": span_scores(gold, predicted)[0].f1,
            "frame_accuracy": frame_accuracy(
                [(str(e.intent), e.spans) for e in examples],
                [(str(a.intent), a.spans) for a in found],
            ),
        }
