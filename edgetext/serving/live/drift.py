"""Whether a model answers otherwise than it used to: labels and scores of its newest answers
against those of a reference window.

Imports scipy inside of functions: it is in the extra `monitor`.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from math import log
from typing import Any

from edgetext.serving.live.comparison import labels_of
from edgetext.tasks.prediction import Prediction

# Labels of which fewer are expected in a window count together, as the chi-square test needs.
EXPECTED = 5
# Bins of the scores in the population stability index, and the least share of one.
BINS, LEAST_SHARE = 10, 1e-4
# Answers that there must be in the window before it is compared.
ENOUGH = 50


class Drift:
    """The reference window of a model, its first answers, and the newest ones.

    size: answers in each. reference: a stored one, in whose place the first answers are not taken.
    """

    def __init__(self, size: int, reference: Mapping[str, Any] | None = None) -> None:
        self.size = size
        self.fixed = reference is not None
        self.labels: Counter[str] = Counter((reference or {}).get("labels", {}))
        self.scores: list[float] = [*(reference or {}).get("scores", [])]
        self.newest: deque[tuple[list[str], float]] = deque(maxlen=size)

    def add(self, answer: Prediction) -> None:
        """Count an answer: to the reference until that is full, then to the newest."""
        labels, score = labels_of(answer), round(answer.score, 4)
        if not self.fixed and len(self.scores) < self.size:
            self.labels.update(labels)
            self.scores.append(score)
        else:
            self.newest.append((labels, score))

    def reference(self) -> dict[str, Any]:
        """Give the reference window as JSON values."""
        return {"labels": dict(self.labels), "scores": sorted(self.scores)}

    def result(self) -> dict[str, Any]:
        """Compare the newest answers with the reference; only their numbers where there are not
        ENOUGH."""
        counts: dict[str, Any] = {"reference": len(self.scores), "newest": len(self.newest)}
        if min(len(self.scores), len(self.newest)) < ENOUGH:
            return counts
        from scipy.stats import ks_2samp

        labels = Counter(label for names, _ in self.newest for label in names)
        scores = [score for _, score in self.newest]
        kolmogorov = ks_2samp(self.scores, scores, method="asymp")
        return {
            **counts,
            "labels": {
                "chi_square_p": label_p(self.labels, labels),
                "psi": stability(*_shares(self.labels, labels)),
            },
            "scores": {
                "ks": float(kolmogorov.statistic),
                "ks_p": float(kolmogorov.pvalue),
                "psi": stability(*_binned(self.scores, scores)),
            },
            "shares": moved(self.labels, labels),
        }

    def as_json(self) -> dict[str, Any]:
        """Give all of it as JSON values."""
        return {**self.reference(), "fixed": self.fixed, "newest": list(self.newest)}

    def restore(self, stored: Mapping[str, Any]) -> None:
        """Go on from what `as_json` gave; a stored reference that was given anew stays."""
        if not self.fixed:
            self.labels, self.scores = Counter(stored["labels"]), [*stored["scores"]]
            self.fixed = bool(stored["fixed"])
        self.newest.extend((labels, score) for labels, score in stored["newest"])


def label_p(reference: Mapping[str, int], newest: Mapping[str, int]) -> float:
    """Give the p-value of the chi-square test that two windows have the same shares of labels;
    labels of which fewer than EXPECTED are expected in either count as one."""
    from scipy.stats import chi2_contingency

    totals = sum(reference.values()), sum(newest.values())
    columns, rare = [], [0, 0]
    for label in reference.keys() | newest.keys():
        counts = [reference.get(label, 0), newest.get(label, 0)]
        if min(totals) * sum(counts) / sum(totals) >= EXPECTED:
            columns.append(counts)
        else:
            rare = [rare[0] + counts[0], rare[1] + counts[1]]
    if sum(rare):
        columns.append(rare)
    if len(columns) < 2:
        return 1.0
    return float(chi2_contingency(list(zip(*columns, strict=True))).pvalue)


def stability(reference: Sequence[float], newest: Sequence[float]) -> float:
    """Give the population stability index of two lists of shares, the sum of (b - a) ln(b / a):
    by custom less than 0.1 is no change, more than 0.25 a large one. (Siddiqi, Credit Risk
    Scorecards, 2006.)"""
    pairs = [
        (max(a, LEAST_SHARE), max(b, LEAST_SHARE)) for a, b in zip(reference, newest, strict=True)
    ]
    return sum((b - a) * log(b / a) for a, b in pairs)


def moved(reference: Mapping[str, int], newest: Mapping[str, int]) -> list[dict[str, Any]]:
    """Give the shares of all labels in both windows, those that moved most first."""
    totals = sum(reference.values()), sum(newest.values())
    rows = [
        {
            "label": label,
            "reference": reference.get(label, 0) / totals[0],
            "newest": newest.get(label, 0) / totals[1],
        }
        for label in sorted(reference.keys() | newest.keys())
    ]
    return sorted(rows, key=lambda row: -abs(row["newest"] - row["reference"]))


def _shares(*windows: Mapping[str, int]) -> tuple[list[float], ...]:
    labels = sorted(set().union(*windows))
    return tuple([x.get(label, 0) / sum(x.values()) for label in labels] for x in windows)


def _binned(reference: Sequence[float], newest: Sequence[float]) -> tuple[list[float], ...]:
    """Give the shares of scores in bins that hold as many of the reference each."""
    import numpy as np

    edges = np.unique(np.quantile(reference, np.linspace(0, 1, BINS + 1)[1:-1]))
    return tuple(
        (
            np.bincount(np.searchsorted(edges, x, side="left"), minlength=len(edges) + 1) / len(x)
        ).tolist()
        for x in (reference, newest)
    )
