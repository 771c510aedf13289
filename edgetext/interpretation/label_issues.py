"""Labels that are likely wrong, by confident learning (Northcutt et al. 2021), by cleanlab.

It compares each label with how probable a model finds it that has not learned from it. Of texts
that the model was not trained on its own scores say that. A model has learned the labels of its
training texts, the wrong ones too, so there others judge: a logistic regression over the model's
hidden vectors, trained on the other folds (Stone 1974); over TF-IDF, where a file has no hidden
vectors, the like texts around each one.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
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
    """number: the example's place among all. given: its label, likelier: another, or "not LABEL"
    where a text may have several; confidence: how probable what is given is, 0 to 1."""

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
    none where answers have no score for each label. Where a text may have several labels, each of
    them is judged by itself.
    """
    scores = [getattr(answer, "scores", {}) for answer in answers]
    if _are_of_several(examples):
        rows = [n for n in range(len(examples)) if len(scores[n]) == len(labels)]
        return _of_each_label(
            examples, rows, labels, lambda label, _: np.array([scores[n][label] for n in rows])
        )
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
    first. A label of fewer texts than FOLDS is not judged. Where a text may have several labels,
    each of them is judged by itself."""
    if _are_of_several(examples):
        return _of_several(examples, vectors)
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
    _log.info("judging %s labels by other texts", f"{len(rows):,}")
    chances = _judge(vectors.values[rows])(given, len(labels))
    return _issues(examples, rows, labels, chances)


def _are_of_several(examples: Sequence[Example]) -> bool:
    """Tell whether texts may have none, one or several labels."""
    return any(example.intents is not None for example in examples)


def _of_several(examples: Sequence[Example], vectors: TextVectors) -> list[LabelIssue]:
    """Do what `of_vectors` does where a text may have several labels."""
    counts = Counter(label for example in examples for label in example.text_labels or ())
    # Of a label that all texts have, or all but two, there is nothing to learn.
    labels = sorted(x for x, n in counts.items() if FOLDS <= n <= len(examples) - FOLDS)
    _log.info("judging %s labels of %s texts by others", len(labels), f"{len(examples):,}")
    if not labels:
        return []
    judge = _judge(vectors.values)
    return _of_each_label(
        examples, range(len(examples)), labels, lambda _, given: judge(given, 2)[:, 1]
    )


def _of_each_label(
    examples: Sequence[Example],
    rows: Sequence[int],
    labels: Sequence[str],
    chance: Callable[[str, np.ndarray], np.ndarray],
) -> list[LabelIssue]:
    """Judge of each label whether texts have it. chance: how probable that is of each of the rows,
    float[N], of a label and of who has it by the data, int64[N]."""
    issues = []
    for label in labels:
        given = np.array([label in (examples[n].text_labels or ()) for n in rows], np.int64)
        if not 0 < given.sum() < len(given):
            continue
        has = chance(label, given)
        words = (f"not {label}", label)
        for place, confidence in _unlikely(given, np.stack([1 - has, has], axis=1)):
            is_given, number = int(given[place]), rows[place]
            issues.append(
                LabelIssue(
                    number, examples[number], words[is_given], words[1 - is_given], confidence
                )
            )
    return sorted(issues, key=lambda issue: (issue.confidence, issue.number))


def _judge(values: Any) -> Callable[[np.ndarray, int], np.ndarray]:
    """Give what judges labels int64[N] of so many kinds, by vectors of the texts: float[N, C]."""
    if isinstance(values, np.ndarray):
        return partial(_by_regression, values)
    vectors = TextVectors(values, "")
    return partial(_by_neighbors, *nearest(vectors, vectors, NEIGHBORS + 1))


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


def _by_neighbors(
    numbers: np.ndarray, cosines: np.ndarray, given: np.ndarray, labels: int
) -> np.ndarray:
    """Give float[N, C], each row by the labels of the most like texts but itself. numbers, cosines:
    [N, K], of these texts."""
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
    """Give the labels, of one a text, that confident learning finds wrong."""
    numbers = {label: place for place, label in enumerate(labels)}
    given = np.array([numbers[str(examples[n].intent)] for n in rows])
    issues = []
    for place, confidence in _unlikely(given, chances):
        number, likelier = rows[place], labels[int(chances[place].argmax())]
        issues.append(
            LabelIssue(number, examples[number], labels[given[place]], likelier, confidence)
        )
    return issues


def _unlikely(given: np.ndarray, chances: np.ndarray) -> list[tuple[int, float]]:
    """Choose as many labels as confident learning counts wrong ones and another is likelier than,
    the least probable first: their places, and how probable they are. given: int64[N]; chances:
    float[N, C]."""
    from cleanlab.filter import find_label_issues

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
    return [
        (int(x), float(chances[x][given[x]])) for x in chosen if chances[x].argmax() != given[x]
    ]
