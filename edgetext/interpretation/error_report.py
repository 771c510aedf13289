"""What a model's errors on data have in common, put together once for a page and for Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from edgetext.data.example import Example
from edgetext.evaluation.answers import Measured
from edgetext.evaluation.mistakes import Mistake, count_decisions, worst_first
from edgetext.interpretation.confusions import Confusion, groups
from edgetext.interpretation.label_issues import LabelIssue, of_answers, of_vectors
from edgetext.interpretation.vectors import TextVectors, check_installed, nearest, vectors_of


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A training text and how like it is, the cosine of two vectors."""

    example: Example
    cosine: float


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """Where a model errs on a split.

    metrics: 0 to 1, unless their names say otherwise. confusions: groups of labels, the most
    confused first. mistakes: all, the worst first; neighbors: of each of the first of them the
    nearest training texts, by vectors that `compared` names. issues: labels of the split that are
    likely wrong, the surest first; None where the task has no label for a text as a whole.
    """

    model: str
    name: str
    split: str
    texts: int
    metrics: dict[str, float]
    confusions: list[Confusion]
    mistakes: list[Mistake]
    neighbors: list[list[Neighbor]]
    compared: str
    issues: list[LabelIssue] | None

    def as_json(self) -> dict[str, Any]:
        """Give JSON values."""
        pairs = zip(self.mistakes, self.neighbors, strict=False)
        return {
            "model": self.model,
            "split": self.split,
            "texts": self.texts,
            "metrics": {name: round(value, 6) for name, value in self.metrics.items()},
            "confusions": [
                {
                    "kind": one.kind,
                    "labels": list(one.labels),
                    "pairs": [[*pair, times] for pair, times in one.pairs.items()],
                }
                for one in self.confusions
            ],
            "errors": len(self.mistakes),
            "worst": [
                {
                    "source": mistake.example.source,
                    "texts": list(mistake.example.texts),
                    "wrong": [list(decision) for decision in mistake.decisions],
                    "nearest": [_neighbor_as_json(one) for one in near],
                }
                for mistake, near in pairs
            ],
            "compared_by": self.compared,
            "label_issues": self.issues
            and [
                {
                    "source": issue.example.source,
                    "text": issue.example.text,
                    "label": issue.given,
                    "likelier": issue.likelier,
                    "confidence": round(issue.confidence, 6),
                }
                for issue in self.issues
            ],
        }


def error_report(
    model: Measured,
    examples: Sequence[Example],
    train: Sequence[Example],
    split: str,
    *,
    shown: int,
    neighbors: int,
) -> ErrorReport:
    """Look into a model's answers to the examples of a split.

    train: the texts among which the nearest to an error are sought, which are the examples
    themselves where the split is "train". shown: of how many errors. EdgetextError where the
    libraries are not installed.
    """
    check_installed()
    predictor = model.predictor
    counts = count_decisions(model, examples)
    mistakes = worst_first(model, examples)
    worst = mistakes[:shown]
    is_train = split == "train"
    # Training texts are compared with each other, and stand in `train` by the same numbers.
    others = [] if is_train else [mistake.example for mistake in worst]
    known, *asked = vectors_of(predictor, train, *([others] if others else []))
    queries = asked[0] if asked else known.rows([mistake.number for mistake in worst])
    near = _neighbors(worst, train, queries, known, neighbors, is_train) if worst else []
    return ErrorReport(
        model=str(predictor.path),
        name=predictor.metadata.name,
        split=split,
        texts=len(examples),
        metrics=model.metrics(examples),
        confusions=[one for kind, each in counts.items() for one in groups(kind, each)],
        mistakes=mistakes,
        neighbors=near,
        compared=known.words,
        issues=_issues(model, examples, known if is_train else None),
    )


def _neighbors(
    worst: Sequence[Mistake],
    train: Sequence[Example],
    queries: TextVectors,
    known: TextVectors,
    count: int,
    is_train: bool,
) -> list[list[Neighbor]]:
    """Give the nearest training texts of each mistake, itself aside."""
    numbers, cosines = nearest(queries, known, count + is_train)
    near = []
    for mistake, rows, alike in zip(worst, numbers.tolist(), cosines.tolist(), strict=True):
        others = [
            Neighbor(train[row], cosine)
            for row, cosine in zip(rows, alike, strict=True)
            if not (is_train and row == mistake.number)
        ]
        near.append(others[:count])
    return near


def _issues(
    model: Measured, examples: Sequence[Example], known: TextVectors | None
) -> list[LabelIssue] | None:
    """Find likely label errors where texts have labels as a whole."""
    labels = model.predictor.metadata.labels["intent"]
    if not labels:
        return None
    if known is not None:
        return of_vectors(examples, known)
    return of_answers(examples, model.answers, labels)


def _neighbor_as_json(one: Neighbor) -> dict[str, Any]:
    example = one.example
    return {
        "source": example.source,
        "texts": list(example.texts),
        "label": example.intent,
        "cosine": round(one.cosine, 4),
    }
