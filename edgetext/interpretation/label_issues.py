"""Labels that are likely wrong, by confident learning (Northcutt et al. 2021), by cleanlab.

It compares each label with how probable a model finds it that has not learned from it. Of texts
that the model was not trained on its own scores say that. A model has learned the labels of its
training texts, the wrong ones too, so there others judge: a logistic regression over the model's
hidden vectors, trained on the other folds (Stone 1974); over TF-IDF, where a file has no hidden
vectors, the like texts around each one.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from edgetext.core.console import logger
from edgetext.data.example import Example
from edgetext.interpretation.vectors import ROWS, TextVectors, nearest
from edgetext.tasks.prediction import Prediction

FOLDS = 3
# Like texts that judge a label, and how fast their say falls with their distance.
NEIGHBORS, SHARPNESS = 20, 20.0
# What a label has whose text none of the like texts has.
SMALLEST = 1e-9
_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class LabelIssue:
    """number: the example's place among all. given: its label, likelier: another; confidence: how
    probable the given label is, 0 to 1."""

    number: int
    example: Example
    given: str
    likelier: str
    confidence: float


def of_answers(
    examples: Sequence[Example], answers: Sequence[Prediction], labels: Sequence[str]
) -> list[LabelIssue]:
    """Find labels that the scores of a model speak against, which has not learned from the texts.

    labels: that the model has; examples of others are not judged. The surest issue comes first;
    none where answers have no score for each label.
    """
    scores = [getattr(answer, "scores", {}) for answer in answers]
    rows = [
        n
        for n, example in enumerate(examples)
        if example.intent in labels and len(scores[n]) == len(labels)
    ]
    if not rows:
        return []
    chances = np.array([[scores[n][label] for label in labels] for n in rows], np.float64)
    return _issues(examples, rows, labels, chances)


def of_vectors(examples: Sequence[Example], vectors: TextVectors) -> list[LabelIssue]:
    """Find labels that other texts speak against, whatever has learned from them; the surest issue
    first. A label of fewer texts than FOLDS is not judged."""
    counts: dict[str, list[int]] = {}
    for number, example in enumerate(examples):
        if example.intent is not None:
            counts.setdefault(example.intent, []).append(number)
    labels = sorted(label for label, numbers in counts.items() if len(numbers) >= FOLDS)
    rows = sorted(number for label in labels for number in counts[label])
    if len(labels) < 2:
        return []
    numbers = {label: place for place, label in enumerate(labels)}
    given = np.array([numbers[str(examples[n].intent)] for n in rows])
    values = vectors.values[rows]
    _log.info("judging %s labels by other texts", f"{len(rows):,}")
    judge = _by_regression if isinstance(values, np.ndarray) else _by_neighbors
    return _issues(examples, rows, labels, judge(values, given, len(labels)))


def _by_regression(values: Any, given: np.ndarray, labels: int) -> np.ndarray:
    """Give float[N, C], each row by a regression that has not learned from its fold."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    with warnings.catch_warnings():
        # Of a fit that is cut short, which is good enough to tell a label that is wrong.
        warnings.simplefilter("ignore")
        chances: np.ndarray = cross_val_predict(
            LogisticRegression(C=10, max_iter=30), values, given, cv=FOLDS, method="predict_proba"
        )
    return chances


def _by_neighbors(values: Any, given: np.ndarray, labels: int) -> np.ndarray:
    """Give float[N, C], each row by the labels of the most like texts but itself."""
    vectors = TextVectors(values, "")
    numbers, cosines = nearest(vectors, vectors, NEIGHBORS + 1)
    says = np.exp(SHARPNESS * (cosines.astype(np.float64) - 1))
    says[numbers == np.arange(len(given))[:, None]] = 0
    chances = np.full((len(given), labels), SMALLEST)
    for begin in range(0, len(given), ROWS):
        for row in range(begin, min(begin + ROWS, len(given))):
            chances[row] += np.bincount(given[numbers[row]], says[row], labels)
    return chances / chances.sum(axis=1, keepdims=True)


def _issues(
    examples: Sequence[Example], rows: Sequence[int], labels: Sequence[str], chances: np.ndarray
) -> list[LabelIssue]:
    """Choose as many labels as confident learning counts wrong ones, the least probable first."""
    from cleanlab.filter import find_label_issues

    numbers = {label: place for place, label in enumerate(labels)}
    given = np.array([numbers[str(examples[n].intent)] for n in rows])
    chances = chances / chances.sum(axis=1, keepdims=True)
    if len(set(given.tolist())) < 2:
        return []
    with warnings.catch_warnings():
        # Of labels that no example has, which nothing hangs on.
        warnings.simplefilter("ignore")
        chosen = find_label_issues(
            given,
            chances,
            filter_by="low_self_confidence",
            return_indices_ranked_by="self_confidence",
            n_jobs=1,
        )
    issues = []
    for place in chosen:
        best = int(chances[place].argmax())
        if best != given[place]:
            confidence = float(chances[place][given[place]])
            number = rows[place]
            issues.append(
                LabelIssue(number, examples[number], labels[given[place]], labels[best], confidence)
            )
    return issues
