"""Which choice is tried next: what was planned, then what optuna chooses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edgetext.search import ranking
from edgetext.search.limits import Limits
from edgetext.search.record import MEASURED, Record, Records
from edgetext.search.space import Choice, Space, key_of, shape_of
from edgetext.search.study import running_choices, tell
from edgetext.studies.study import has_waiting, sampler_of

if TYPE_CHECKING:
    import optuna

# So many choices are passed over untrained for each that is trained, at most.
SKIPS = 10


@dataclass(slots=True)
class Queue:
    """Choices of a study until so many shapes were trained: `trials`.

    skipped: how many choices this process has passed over.
    """

    study: optuna.Study
    space: Space
    records: Records
    limits: Limits
    trials: int
    seed: int
    skipped: int = 0

    def plan(self, choices: Iterable[Choice]) -> None:
        """Put choices in front, but for those that the study has had."""
        for choice in choices:
            self.study.enqueue_trial(choice, skip_if_exists=True)

    def begin(self) -> optuna.Trial | None:
        """Begin a trial that no process has tried or is trying; None where there is none left, or
        none before the trials of other processes are over. One process at a time may be in it."""
        self.records.refresh()
        while self.skipped < SKIPS * self.trials:
            running = running_choices(self.study, self.space)
            trained = ranking.trained(self.records)
            others = {key_of(shape_of(choice)) for choice in running.values()}
            enough = len(trained | others) >= self.trials
            if enough:
                if not others <= trained:
                    return None  # Which one is the best is not known yet.
                self.plan(self._untried())
                if not has_waiting(self.study):
                    return None
            trial = self.study.ask()
            self.study.sampler = sampler_of(self.seed, trial.number)
            choice = self.space.suggest(trial)
            if self.is_settled(trial, choice, enough=enough):
                continue
            if choice in running.values():
                self._pass_over(trial)
                self.skipped += 1
                continue
            return trial
        return None

    def is_settled(self, trial: optuna.Trial, choice: Choice, *, enough: bool) -> bool:
        """Tell whether a trial needs no work, and close it then: its choice has a record, or,
        where enough shapes were trained, would need a training."""
        if enough and self.records.of_shape(shape_of(choice), MEASURED) is None:
            self._pass_over(trial)
            return True
        known = self.records.find(key_of(choice))
        if known is None:
            return False
        tell(self.study, trial, known, self.limits)
        self.skipped += 1
        return True

    def _pass_over(self, trial: optuna.Trial) -> None:
        from optuna.trial import TrialState

        self.study.tell(trial, state=TrialState.FAIL)

    def _untried(self) -> list[Choice]:
        """The best trial's shape in the precisions that it was not tried in."""
        ranked = ranking.ranked(self.records, self.limits)
        best: Record | None = next((r for r in ranked if r.status == MEASURED), None)
        siblings = [] if best is None else self.space.siblings(best.choice)
        return [choice for choice in siblings if self.records.find(key_of(choice)) is None]
