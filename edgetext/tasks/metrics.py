"""Accuracy, span F1 and frame accuracy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Span

# Metrics that are no shares, and are better when lower.
LOWER = frozenset({"perplexity", "bits_per_byte"})
T = TypeVar("T", bound=Hashable)


def accuracy(gold: Sequence[Hashable], predicted: Sequence[Hashable]) -> float:
    """The share of equal answers, 0 to 1; 0 when there is none."""
    hits = sum(g == p for g, p in zip(gold, predicted, strict=True))
    return hits / len(gold) if gold else 0.0


def token_accuracy(gold: Iterable[Sequence[Span]], predicted: Iterable[Sequence[Span]]) -> float:
    """The share of gold spans whose first byte lies in a predicted span of the same label.

    Tagging by itself: where the gold tells the tokens apart, was each given the right label? A
    span that is too long or too short counts here and misses in `span_scores`.
    """
    hits = total = 0
    for gold_spans, predicted_spans in zip(gold, predicted, strict=True):
        labels = {(at, s.label) for s in predicted_spans for at in range(s.start, s.end)}
        hits += sum((span.start, span.label) in labels for span in gold_spans)
        total += len(gold_spans)
    return hits / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 (0 to 1) of exact matches, and how many there are in gold."""

    precision: float
    recall: float
    f1: float
    support: int


def score_of_counts(hits: int, predicted: int, gold: int) -> Score:
    precision = hits / predicted if predicted else 0.0
    recall = hits / gold if gold else 0.0
    both = precision + recall
    return Score(precision, recall, 2 * precision * recall / both if both else 0.0, gold)


def f1_of_counts(hits: int, predicted: int, gold: int) -> float:
    """The harmonic mean of precision and recall, 0 to 1."""
    return score_of_counts(hits, predicted, gold).f1


def label_scores(gold: Sequence[str], predicted: Sequence[str]) -> dict[str, Score]:
    """Score each gold label of texts that have one label each, in the order of their first."""
    gold_counts, predicted_counts = Counter(gold), Counter(predicted)
    hits = Counter(g for g, p in zip(gold, predicted, strict=True) if g == p)
    return {x: score_of_counts(hits[x], predicted_counts[x], gold_counts[x]) for x in gold_counts}


def label_set_scores(
    gold: Iterable[Collection[str]], predicted: Iterable[Collection[str]]
) -> tuple[Score, dict[str, Score]]:
    """Score the labels of texts that may have several: all of them together, and each."""
    return _set_scores(gold, predicted, str)


def with_macro_f1(metrics: Mapping[str, float], classes: Mapping[str, Score]) -> dict[str, float]:
    """The metrics, and "macro_f1" where there are classes."""
    return {**metrics, **({"macro_f1": macro_f1(classes)} if classes else {})}


def macro_f1(scores: Mapping[str, Score]) -> float:
    """The mean F1 of labels, 0 to 1, each counting alike; 0 when there is none."""
    return sum(score.f1 for score in scores.values()) / len(scores) if scores else 0.0


def worst(classes: Mapping[str, Score], count: int = 5) -> list[dict[str, Any]]:
    """Give the labels with the lowest F1, the lowest first: "label", "f1" (0 to 1) and "texts", how
    many have it."""
    lowest = sorted(classes, key=lambda label: (classes[label].f1, label))[:count]
    return [{"label": x, "f1": classes[x].f1, "texts": classes[x].support} for x in lowest]


def watched(names: Sequence[str], known: Mapping[str, float], usual: Sequence[str]) -> list[str]:
    """Give the metrics that `--metric` names, or the usual ones where it names none; EdgetextError
    for one that is not known."""
    for name in names:
        if name not in known:
            raise EdgetextError(
                f"--metric {name}: this task has no such metric (known: {', '.join(known)})"
            )
    return list(names) or list(usual)


def span_scores(
    gold: Iterable[Collection[Span]], predicted: Iterable[Collection[Span]]
) -> tuple[Score, dict[str, Score]]:
    """Micro-averaged score over exact (label, start, end), and the same for each label.

    The definition of seqeval (and of CoNLL 2000's conlleval).
    """
    return _set_scores(gold, predicted, lambda span: span.label)


def _set_scores(
    gold: Iterable[Collection[T]], predicted: Iterable[Collection[T]], label: Callable[[T], str]
) -> tuple[Score, dict[str, Score]]:
    """The score of what is in both sets of a text, by its label: of all together, and of each."""
    hits: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    for g, p in zip(gold, predicted, strict=True):
        g, p = set(g), set(p)
        hits.update(map(label, g & p))
        answered.update(map(label, p))
        expected.update(map(label, g))
    labels = {
        x: score_of_counts(hits[x], answered[x], expected[x]) for x in sorted(expected | answered)
    }
    return score_of_counts(hits.total(), answered.total(), expected.total()), labels


def frame_accuracy(
    gold: Sequence[tuple[str, Collection[Span]]], predicted: Sequence[tuple[str, Collection[Span]]]
) -> float:
    """The share of texts whose intent and all spans are right, 0 to 1."""
    return accuracy([(i, frozenset(s)) for i, s in gold], [(i, frozenset(s)) for i, s in predicted])


def in_points(name: str, value: float) -> float:
    """A metric as it is shown: of 100, or as it is where it is no share."""
    return value if name in LOWER else 100 * value


def loss_in_points(name: str, before: float, after: float) -> float:
    """How much worse a metric has become: points of 100, or per cent where it is no share."""
    return 100 * (after / before - 1) if name in LOWER else 100 * (before - after)
