"""Looking for the cheapest setting that meets a target."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from edgetext.tuning.measurement import Measurement
from edgetext.tuning.setting import Setting

Trial = tuple[Setting, Measurement]


@dataclass(frozen=True, slots=True)
class Outcome:
    """chosen: the cheapest that meets the target, None where none does. trials: all that were
    measured, in their order."""

    chosen: Trial | None
    trials: Sequence[Trial]

    @property
    def best(self) -> Trial:
        """The nearest to the target: of those that were measured validly the one with the fewest
        errors, and of these the least p99."""

        def distance(trial: Trial) -> tuple[bool, float, float]:
            one = trial[1]
            return not one.in_time, one.errors, one.p99 if math.isfinite(one.p99) else math.inf

        return min(self.trials, key=distance)


def cheapest(
    settings: Sequence[Setting],
    measure: Callable[[Setting], Measurement],
    p99: float,
    errors: float,
) -> Outcome:
    """Measure settings by the cores they take, the fewest first, until some meet the target, and
    choose of these the one of the least processor time a request.

    settings: in ascending order of their cores, at least one. p99: seconds. errors: a share.
    """
    trials: list[Trial] = []
    for _, level in groupby(settings, key=lambda setting: setting.cores):
        measured = [(setting, measure(setting)) for setting in level]
        trials += measured
        meeting = [trial for trial in measured if trial[1].meets(p99, errors)]
        if meeting:
            return Outcome(min(meeting, key=lambda trial: trial[1].processor), trials)
    return Outcome(None, trials)
