"""tag: labelled spans of a text, such as entities or parts of speech."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.registry import register
from edgetext.tasks.metrics import span_scores, token_accuracy
from edgetext.tasks.prediction import Prediction
from edgetext.tasks.task import BatchLike, Labels, Names, Numbers, Task
from edgetext.tasks.words import align, read_spans, slot_names, tag_names

if TYPE_CHECKING:
    from torch import Tensor, nn

    from edgetext.recipe import TrainingConfig
    from edgetext.text.vocabulary import Encoding


@register("task", "tag")
class Tag(Task):
    """labels {"intent": [], "tags": ["O", "B-x", "I-x", ...]}; scores and target "tags"."""

    name = "tag"
    head = "tag"
    outputs = ("spans", "truncated")
    monitor = ("span_f1",)
    needs_words = True

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        tags = tag_names(examples)
        if len(tags) == 1:
            raise EdgetextError("the training split has no spans; give data with labelled spans")
        return {"intent": [], "tags": tags}

    def names(self, labels: Labels) -> dict[str, list[str]]:
        return {"intent": [], "slots": slot_names(labels["tags"])}

    def used(self, example: Example) -> Iterator[tuple[str, str, str]]:
        for span in example.spans:
            yield "slots", "label", span.label

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        return {"tags": align(example, encoding, numbers["tags"])}

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        from edgetext.tasks.losses import label_loss

        return label_loss(scores["tags"], batch.targets["tags"], config.label_smoothing)

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        wanted: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        from edgetext.tasks.losses import soft_label_loss

        here, there = batches[0].first, batches[1].first
        return soft_label_loss(scores["tags"][here], wanted["tags"][there], temperature)

    def decoder(self, labels: Labels) -> nn.Module:
        from edgetext.models.decoders.labels import TagDecoder

        return TagDecoder(len(labels["tags"]))

    def read(self, outputs: Sequence[np.ndarray], names: Names) -> Prediction:
        spans, truncated = outputs
        return Prediction(
            spans=read_spans(spans, names["slots"]), truncated=bool(truncated.reshape(-1)[0])
        )

    def finds_nothing(self, answer: Prediction) -> bool:
        return not answer.spans

    def measure(self, examples: Sequence[Example], found: Sequence[Prediction]) -> dict[str, float]:
        """ "span_f1", seqeval's; before it "accuracy" (see `token_accuracy`) where the gold labels
        every word, as parts of speech do."""
        gold, predicted = [e.spans for e in examples], [a.spans for a in found]
        metrics = {"span_f1": span_scores(gold, predicted)[0].f1}
        if all(map(labels_everything, examples)):
            metrics = {"accuracy": token_accuracy(gold, predicted), **metrics}
        return metrics


def labels_everything(example: Example) -> bool:
    """Whether spans cover all of the text but its spaces."""
    raw = bytearray(example.text.encode("utf-8"))
    for span in example.spans:
        raw[span.start : span.end] = b" " * (span.end - span.start)
    return not raw.decode("utf-8", "replace").strip()
