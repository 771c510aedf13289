"""tag: labeled spans of a text, such as entities or parts of speech."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from edgetext.data.example import Example, Span
from edgetext.registry import register
from edgetext.tasks.answering import Names
from edgetext.tasks.answers.labels import SPANS, LabelAnswer, LabelTask, read_spans
from edgetext.tasks.metrics import span_scores, token_accuracy
from edgetext.tasks.prediction import PLACE
from edgetext.tasks.windows import in_windows

SPAN_SCORES = "`span_scores` float32[1, S]: the probability of each span's label"


@register("task", "tag")
class Tag(LabelTask):
    """Answers spans."""

    name = "tag"
    head = "tag"
    described: ClassVar[Mapping[str, str]] = {"spans": SPANS}
    needs_words = True
    monitor = ("span_f1",)

    def describe(self, names: Names) -> dict[str, str]:
        """Describe `span_scores` too, which only some models have."""
        return {**super().describe(names), "span_scores": SPAN_SCORES}

    def read(
        self, outputs: Sequence[np.ndarray], names: Names, text: bytes | None = None
    ) -> LabelAnswer:
        # Only some models say how sure they are of each span.
        *scores, spans, truncated = outputs
        return LabelAnswer(
            spans=read_spans(spans, names["slots"], text),
            truncated=bool(truncated.item()),
            span_scores=tuple(scores[0].reshape(-1).tolist()) if scores else (),
        )

    def json_types(self, names: Names, top: int = 1) -> dict[str, Any]:
        """Give a span a score too, which only some models have."""
        return {"spans": [{"label": str, **PLACE, "score": float}]}

    def answer_whole(
        self, ask: Callable[..., LabelAnswer], *texts: bytes, max_bytes: int
    ) -> LabelAnswer:
        """Read a text that is too long in windows that overlap; of spans that do, the longer one
        counts, and of two of one length the surer, as in the pipeline of transformers."""
        (text,) = texts
        rows: list[tuple[int, int, float, str]] = []
        for at, answer in in_windows(ask, text, max_bytes):
            scores = answer.span_scores or (1.0,) * len(answer.spans)
            for span, score in zip(answer.spans, scores, strict=True):
                rows.append((at + span.start, at + span.end, score, span.label))
        kept = merged(rows)
        return LabelAnswer(
            spans=tuple(Span(label, start, end, text) for start, end, _, label in kept),
            span_scores=tuple(score for _, _, score, _ in kept),
        )

    def finds_nothing(self, answer: LabelAnswer) -> bool:
        return not answer.spans

    def used(self, example: Example) -> Iterator[tuple[str, str, str]]:
        for span in example.spans:
            yield "slots", "label", span.label

    def measure(
        self, examples: Sequence[Example], answers: Sequence[LabelAnswer]
    ) -> dict[str, float]:
        """Measure "span_f1", seqeval's; before it "accuracy" (see `token_accuracy`) where the gold
        labels every word, as parts of speech do."""
        gold, predicted = [e.spans for e in examples], [a.spans for a in answers]
        metrics = {"span_f1": span_scores(gold, predicted)[0].f1}
        if all(map(labels_everything, examples)):
            metrics = {"accuracy": token_accuracy(gold, predicted), **metrics}
        return metrics


def merged(
    rows: Sequence[tuple[int, int, float, str]],
) -> list[tuple[int, int, float, str]]:
    """Give rows of start, end, score and label in the order of the text, none of which overlap."""
    kept: list[tuple[int, int, float, str]] = []
    for row in sorted(rows, key=lambda row: row[0]):
        if not kept or row[0] >= kept[-1][1]:
            kept.append(row)
            continue
        (start, end, score, _), (last_start, last_end, last_score, _) = row, kept[-1]
        if (end - start, score) > (last_end - last_start, last_score):
            kept[-1] = row
    return kept


def labels_everything(example: Example) -> bool:
    """Tell whether spans cover all of the text but its spaces."""
    raw = bytearray(example.text.encode("utf-8"))
    for span in example.spans:
        raw[span.start : span.end] = b" " * (span.end - span.start)
    return not raw.decode("utf-8", "replace").strip()
