"""How far a classifier's probabilities come true, and what makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.data.no_label import OUT_OF_SCOPE
from edgetext.tasks.calibration import Calibration

# The gold label of a text that the network has no score of.
OUTSIDE = -1
# Of equal width, as Guo et al. 2017 (§2) has them.
BINS = 15
# Between which temperatures the best is looked for, and in how many steps.
COLDEST, HOTTEST, STEPS = 0.05, 20.0, 60
_GOLDEN = (np.sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True)
class Scored:
    """scores: a network's of some texts, float64[N, C], of `labels`; gold: what each text is,
    int64[N], a label's number or OUTSIDE."""

    scores: np.ndarray
    gold: np.ndarray
    labels: Sequence[str]

    def outside(self, calibration: Calibration) -> np.ndarray:
        """Give bool[N]: the texts about nothing that the other labels say."""
        place = self._place(calibration)
        return (self.gold == OUTSIDE) | (self.gold == (OUTSIDE if place is None else place))

    def margins(self, calibration: Calibration) -> np.ndarray:
        """Give float64[N]: how much higher the best label's score is than that of none of them,
        before anything is added to it. A text has that label where what is added is more."""
        scores = self.scores / calibration.temperature
        place = self._place(calibration)
        if place is None:
            best: np.ndarray = scores.max(axis=1)
            return best
        others = np.delete(scores, place, axis=1)
        margins: np.ndarray = others.max(axis=1) - scores[:, place]
        return margins

    def probabilities(self, calibration: Calibration) -> np.ndarray:
        """Give float64[N, C], or [N, C + 1] where a label is added, as a file does."""
        scores = self.scores / calibration.temperature
        raised = calibration.raised(self.labels)
        if raised is not None:
            scores = scores + np.array(raised)
        if calibration.beside is not None:
            scores = np.pad(scores, ((0, 0), (0, 1)), constant_values=calibration.beside)
        risen = np.exp(scores - scores.max(axis=1, keepdims=True))
        probabilities: np.ndarray = risen / risen.sum(axis=1, keepdims=True)
        return probabilities

    def outside_number(self, calibration: Calibration) -> int:
        """Give the number of the answer that is right for the texts outside: one behind the others
        where there is no such."""
        place = self._place(calibration)
        return len(self.labels) if place is None else place

    def gold_answers(self, calibration: Calibration) -> np.ndarray:
        """Give int64[N]: the number of the right answer to each text."""
        return np.where(self.outside(calibration), self.outside_number(calibration), self.gold)

    def _place(self, calibration: Calibration) -> int | None:
        if calibration.outside is None or calibration.added:
            return None
        return list(self.labels).index(calibration.outside)


@dataclass(frozen=True, slots=True)
class Trust:
    """error: the expected calibration error, 0 to 1, over BINS of equal width. likelihood: the mean
    negative log-likelihood of the texts that have a label. in_scope: the accuracy over the texts
    that are about something known; false_alarms: the share of them that is answered as outside.
    recall: of the texts outside, and separation: the area under the ROC curve by which the margins
    tell them apart; None where there is none."""

    error: float
    likelihood: float
    in_scope: float
    false_alarms: float
    recall: float | None
    separation: float | None


def gold_numbers(intents: Sequence[str], labels: Sequence[str]) -> np.ndarray:
    """Give int64[N]: the number of each text's label; OUTSIDE of one that says that it is about
    nothing known where no such is among `labels`, and no number of any answer for other labels."""
    numbers = {label: number for number, label in enumerate(labels)}
    numbers |= {label: OUTSIDE for label in OUT_OF_SCOPE if label not in numbers}
    # One behind that of a label that is added.
    return np.array([numbers.get(intent, len(labels) + 1) for intent in intents], np.int64)


def outside_label(labels: Sequence[str]) -> str | None:
    """Find the label of a model that says that a text is about none of the others."""
    return next((label for label in labels if label in OUT_OF_SCOPE), None)


def best_temperature(scored: Scored) -> float:
    """Find the temperature with the least negative log-likelihood, by golden-section search: that
    is convex in its inverse. EdgetextError where no text has a label."""
    known = (scored.gold != OUTSIDE) & (scored.gold < len(scored.labels))
    if not known.any():
        raise EdgetextError("no text has a label that the model knows; give labeled texts")
    scores, gold = scored.scores[known], scored.gold[known]

    def loss(place: float) -> float:
        return float(_likelihood(scores * np.exp(-place), gold))

    low, high = np.log(COLDEST), np.log(HOTTEST)
    for _ in range(STEPS):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if loss(left) < loss(right):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def score_for_recall(scored: Scored, calibration: Calibration, recall: float) -> float:
    """Find the least score at which this share of the texts outside is recognized; EdgetextError
    where there is none."""
    outside = scored.outside(calibration)
    if not outside.any():
        raise EdgetextError(
            "no text is about nothing known, which --scope-recall is a share of; give --data with "
            f"texts that have the label {calibration.outside}, --negatives mix, which makes some "
            "of the others, or --false-alarms"
        )
    every = scored.margins(calibration)
    margins = np.sort(every[outside])
    last = int(np.ceil(recall * len(margins))) - 1
    return _above(every, margins[max(0, last)])


def score_for_alarms(scored: Scored, calibration: Calibration, share: float) -> float:
    """Find the highest score at which no more than this share of the texts about something known
    is taken for one outside; EdgetextError where there are no such texts."""
    inside = ~scored.outside(calibration)
    if not inside.any():
        raise EdgetextError(
            "no text is about something known, which --false-alarms is a share of; give labeled "
            "texts"
        )
    every = scored.margins(calibration)
    margins = np.sort(every[inside])
    taken = int(share * len(margins))
    if taken == 0:
        raise EdgetextError(
            f"--false-alarms {share:g} is less than one of the {len(margins):,} texts about "
            "something known; give a larger share, or more texts"
        )
    if taken == len(margins):
        return _above(margins, margins[-1])
    # Below the first that is not to be taken.
    under = every[every < margins[taken]]
    lowest = under.max() if len(under) else margins[taken] - 1
    return float((lowest + margins[taken]) / 2)


def recall_at(scored: Scored, calibration: Calibration, false_alarms: float) -> float | None:
    """Give the share of the texts outside that is recognized where at most such a share of the
    others is taken for one; None where there are none of either."""
    outside = scored.outside(calibration)
    if outside.all() or not outside.any():
        return None
    margins = scored.margins(calibration)
    inside = np.sort(margins[~outside])
    taken = int(false_alarms * len(inside))
    least = inside[taken] if taken < len(inside) else np.inf
    return float((margins[outside] < least).mean())


def trust(scored: Scored, calibration: Calibration) -> Trust:
    """Measure what the probabilities of a calibrated network are worth."""
    probabilities = scored.probabilities(calibration)
    outside, gold = scored.outside(calibration), scored.gold_answers(calibration)
    answers = probabilities.argmax(axis=1)
    right, alarms = answers == gold, answers == scored.outside_number(calibration)
    has_outside = calibration.outside is not None
    known = gold < probabilities.shape[1]
    of_gold = np.take_along_axis(probabilities[known], gold[known, None], axis=1)
    return Trust(
        error=_calibration_error(_bins(probabilities, right)),
        likelihood=float(-np.log(of_gold + 1e-300).mean()),
        in_scope=float(right[~outside].mean()) if (~outside).any() else 0.0,
        false_alarms=float(alarms[~outside].mean()) if has_outside and (~outside).any() else 0.0,
        recall=float(alarms[outside].mean()) if has_outside and outside.any() else None,
        separation=_separation(scored.margins(calibration), outside),
    )


def _likelihood(scores: np.ndarray, gold: np.ndarray) -> Any:
    highest = scores.max(axis=1, keepdims=True)
    whole = np.log(np.exp(scores - highest).sum(axis=1)) + highest[:, 0]
    return (whole - np.take_along_axis(scores, gold[:, None], axis=1)[:, 0]).mean()


@dataclass(frozen=True, slots=True)
class Bin:
    """Texts whose answers are about as sure. sure: their mean probability; right: the share of them
    that is right; both 0 to 1. texts: how many there are."""

    sure: float
    right: float
    texts: int


def reliability(scored: Scored, calibration: Calibration) -> list[Bin]:
    """Give the bins of a reliability diagram (Guo et al. 2017, §2) that have any texts, the least
    sure first."""
    probabilities = scored.probabilities(calibration)
    return _bins(probabilities, probabilities.argmax(axis=1) == scored.gold_answers(calibration))


def _bins(probabilities: np.ndarray, right: np.ndarray) -> list[Bin]:
    """Give the bins of answers, float64[N, C], of which it is known whether each is right."""
    sure = probabilities.max(axis=1)
    places = np.minimum((sure * BINS).astype(np.int64), BINS - 1)
    return [
        Bin(float(sure[places == k].mean()), float(right[places == k].mean()), int(count))
        for k, count in enumerate(np.bincount(places, minlength=BINS))
        if count
    ]


def _calibration_error(bins: Sequence[Bin]) -> float:
    total = sum(each.texts for each in bins)
    return sum(each.texts * abs(each.right - each.sure) for each in bins) / total


def _separation(margins: np.ndarray, outside: np.ndarray) -> float | None:
    """The chance that a text outside has a lower margin than one inside; half where they tie."""
    if outside.all() or not outside.any():
        return None
    inside = np.sort(margins[~outside])
    below = np.searchsorted(inside, margins[outside], "left")
    up_to = np.searchsorted(inside, margins[outside], "right")
    return float(1 - (below + up_to).mean() / 2 / len(inside))


def _above(margins: np.ndarray, value: float) -> float:
    """A score that is more than a margin, halfway to the next."""
    more = margins[margins > value]
    return float((value + more.min()) / 2) if len(more) else float(value + 1)
