"""A network's answers over an encoded set, and their metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from edgetext.data.example import Example, Span
from edgetext.models.spans import SpanDecoder
from edgetext.text.vocabulary import Encoding
from edgetext.training.dataset import EncodedSet, Labels, word_bounds
from edgetext.training.metrics import accuracy, frame_accuracy, span_scores


@dataclass(frozen=True, slots=True)
class Answer:
    """One text's intent, its probability, and its spans in bytes."""

    intent: str
    score: float
    spans: tuple[Span, ...]


@torch.no_grad()
def answers(
    network: nn.Module, data: EncodedSet, labels: Labels, batch_size: int = 128
) -> list[Answer]:
    """The network's answer to each text, in the set's order; the network must be in eval mode."""
    device = next(network.parameters()).device
    # Like lengths together: padding a whole batch to one long text costs more than the sorting.
    order = data.length.argsort(stable=True)
    found: list[Answer | None] = [None] * len(data)
    decoder = SpanDecoder(len(labels["tags"])) if labels["tags"] else None
    for index in order.split(batch_size):
        batch = data.batch(index).to(device)
        scores = network(batch.ids, batch.mask)
        best, intent = torch.softmax(scores["intent"].float(), dim=-1).max(dim=-1)
        tags = scores["tags"].float().cpu() if decoder is not None else None
        for row, i in enumerate(index.tolist()):
            spans: tuple[Span, ...] = ()
            if decoder is not None and tags is not None:
                encoding = data.encodings[i]
                at_words = tags[row, : len(encoding.ids)][torch.from_numpy(encoding.first)]
                spans = read_spans(decoder, at_words, encoding, labels)
            found[i] = Answer(labels["intent"][int(intent[row])], float(best[row]), spans)
    return [answer for answer in found if answer is not None]


def read_spans(
    decoder: SpanDecoder, scores: Tensor, encoding: Encoding, labels: Labels
) -> tuple[Span, ...]:
    """The spans of one text from its words' tag scores float[W, K], in bytes."""
    spans: list[Span] = []
    start, end = word_bounds(encoding)
    rows = zip(*(x.tolist() for x in decoder(scores)), start.tolist(), end.tolist(), strict=True)
    for begins, inside, label, first, last in rows:
        if begins:
            spans.append(Span(labels["tags"][1 + 2 * label].removeprefix("B-"), first, last))
        elif inside:
            spans[-1] = Span(spans[-1].label, spans[-1].start, last)
    return tuple(spans)


# Intents that mean "none of the others", by the names that public data sets give them.
OUT_OF_SCOPE = ("oos", "out_of_scope")


class Found(Protocol):
    """An answer, whoever gave it."""

    @property
    def intent(self) -> str: ...

    @property
    def spans(self) -> tuple[Span, ...]: ...


def measure(examples: Sequence[Example], found: Sequence[Found], joint: bool) -> dict[str, float]:
    """Metrics of answers against the examples' labels, each 0 to 1.

    "accuracy" of the intent; `joint` adds "span_f1" and "frame_accuracy". Where the gold has an
    intent of OUT_OF_SCOPE: "in_scope_accuracy" over the other texts and "out_of_scope_recall".
    """
    gold = [str(e.intent) for e in examples]
    predicted = [a.intent for a in found]
    metrics = {"accuracy": accuracy(gold, predicted)}
    pairs = list(zip(gold, predicted, strict=True))
    outside = [g == p for g, p in pairs if g in OUT_OF_SCOPE]
    if outside:
        inside = [g == p for g, p in pairs if g not in OUT_OF_SCOPE]
        metrics["in_scope_accuracy"] = sum(inside) / max(1, len(inside))
        metrics["out_of_scope_recall"] = sum(outside) / len(outside)
    if joint:
        spans = [e.spans for e in examples]
        metrics["span_f1"] = span_scores(spans, [a.spans for a in found])[0].f1
        metrics["frame_accuracy"] = frame_accuracy(
            list(zip(gold, spans, strict=True)), [(a.intent, a.spans) for a in found]
        )
    return metrics
