"""What the scores of a file's answers are worth: whether they come true, and whether they tell
texts about nothing known apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from edgetext.data.example import Example
from edgetext.evaluation.answers import Measured
from edgetext.tasks.calibration import Calibration
from edgetext.tasks.trust import (
    Bin,
    Scored,
    Trust,
    gold_numbers,
    outside_label,
    recall_at,
    reliability,
    trust,
)

# The shares of texts in scope that are taken for others, at which recall is told.
ALARMS = (0.01, 0.03, 0.05)
# Below it a float32 has few digits left.
_TINY = 1e-38


@dataclass(frozen=True, slots=True)
class Confidence:
    """trust: of the file as it answers. bins: its reliability diagram. recalls: the share of texts
    out of scope that is recognized where such a share of the others, by ALARMS, is taken for one;
    empty where the examples have none."""

    trust: Trust
    bins: Sequence[Bin]
    recalls: Mapping[float, float]

    def in_words(self) -> str:
        """Say it in a sentence or two; figures in points (of 100) but for the likelihood."""
        error, likelihood = 100 * self.trust.error, self.trust.likelihood
        words = f"Expected calibration error {error:.2f}, negative log-likelihood {likelihood:.4f}."
        if self.trust.separation is None:
            return words
        recalls = ", ".join(f"{100 * recall:.2f}" for recall in self.recalls.values())
        rates = ", ".join(f"{rate:.0%}" for rate in self.recalls)
        return (
            f"{words} Texts out of scope: area under the ROC curve "
            f"{100 * self.trust.separation:.2f}; recall {recalls} where {rates} of the others are "
            f"taken for such."
        )


def confidence(model: Measured, examples: Sequence[Example]) -> Confidence | None:
    """Measure the scores of a model's answers; None where an answer is not one label of several."""
    labels = model.predictor.metadata.intents
    each = [getattr(answer, "scores", None) for answer in model.answers]
    if not labels or any(answer.intent is None for answer in model.answers) or not all(each):
        return None
    probabilities = np.array([[scores[x] for x in labels] for scores in each if scores])
    gold = gold_numbers([str(example.intent) for example in examples], labels)
    scored = Scored(np.log(np.maximum(probabilities, _TINY)), gold, labels)
    as_it_is = Calibration(outside=outside_label(labels))
    recalls = {rate: recall_at(scored, as_it_is, rate) for rate in ALARMS}
    return Confidence(
        trust(scored, as_it_is),
        reliability(scored, as_it_is),
        {rate: recall for rate, recall in recalls.items() if recall is not None},
    )
