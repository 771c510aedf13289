"""The search: choices from optuna, short trainings that are stopped early, the best trained fully.

A folder holds all of it, so that the same command goes on where it was stopped, and several
processes share the trials:

    compress.json       the teacher, the limits and how trials are trained
    trials.jsonl        a line a trial (see record.Record)
    trials/NAME/        its checkpoint in its precision, and its files
    trained/SHAPE/      the float32 checkpoint that the trials of one shape share, whatever their
                        precision
    study.journal       what optuna knows
    0003.lock           of the process that has the study's trial 3
    final/SHAPE/        the fully trained ones, each with a folder a trial
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.core.files import in_turn
from edgetext.search import ranking
from edgetext.search.clock import Clock
from edgetext.search.limits import Limits
from edgetext.search.make import Maker
from edgetext.search.measure import total
from edgetext.search.queue import Queue
from edgetext.search.record import FAILED, MEASURED, SKIPPED, Record, Records
from edgetext.search.space import Choice, epochs_of
from edgetext.search.study import open_study, tell
from edgetext.search.trial import OutOfTimeError, Trials
from edgetext.studies.claims import claimed, wait_for_another
from edgetext.studies.study import running
from edgetext.training.loop import TrainingInterruptedError

if TYPE_CHECKING:
    import optuna

_log = logger(__name__)


@dataclass(slots=True)
class Search:
    """Trials of a maker's choices.

    teacher: its metrics on the validation split, of which `metrics` are watched; after an epoch,
    `early` instead, where training does not know those. epochs: of a trial. deadline: of
    time.monotonic, or None.
    """

    maker: Maker
    limits: Limits
    folder: Path
    teacher: dict[str, float]
    metrics: Sequence[str]
    epochs: int
    early: Sequence[str] = ()
    deadline: float | None = None
    records: Records = field(init=False)
    clock: Clock = field(init=False)
    trials: Trials = field(init=False)

    def __post_init__(self) -> None:
        student = self.maker.space.recipe.student
        assert student is not None
        self.records = Records(self.folder / "trials.jsonl")
        self.clock = Clock(self.records, self.epochs, student.training.epochs, self.deadline)
        self.trials = Trials(
            self.maker, self.limits, self.folder, self.teacher, self.metrics, self.early,
            self.records, self.clock,
        )  # fmt: skip

    def run(self, trials: int, seed: int) -> None:
        """Until so many shapes were trained, by this process and all others in the folder, or the
        time left is what the last training needs.

        What is too large untrained is tried in the next precision that is smaller, and the best in
        the end in every one, which costs no training. A trial that a process left behind, however
        that ended, is gone on with first.
        """
        with in_turn(self.folder):
            study = open_study(self.folder)
            queue = Queue(study, self.maker.space, self.records, self.limits, trials, seed)
            queue.plan(self.maker.space.first())
        with contextlib.suppress(OutOfTimeError):
            while not self.clock.only_final_fits():
                with claimed(study, self.folder, seed, queue.begin) as trial:
                    if trial is not None:
                        self._try(queue, trial)
                if trial is None:
                    if not running(study):
                        return
                    wait_for_another(study, self.folder)
        _log.info("the time that is left is for the final training")

    def _try(self, queue: Queue, trial: optuna.Trial) -> None:
        """Make a trial's record and tell the study; OutOfTimeError leaves it as it is."""
        choice = self.maker.space.suggest(trial)
        self.records.refresh()
        if queue.is_settled(trial, choice, enough=self.trainings() >= queue.trials):
            return
        record = self.trials.attempt(choice, trial)
        self.records.add(record)
        queue.skipped += record.status in (SKIPPED, FAILED)
        tell(queue.study, trial, record, self.limits)
        _log.info(_line(record, len(self.records.rows)))
        if record.status == SKIPPED:
            queue.plan(self._smaller(record))

    def trainings(self) -> int:
        """How many shapes were trained."""
        return len(ranking.trained(self.records))

    def _smaller(self, record: Record) -> list[Choice]:
        """The next smaller precision of what is too large, but by so little that it may help."""
        smaller = self.maker.space.smaller(record.choice)
        if smaller is None or record.cost is None:
            return []
        over = self.limits.excess(record.cost)
        return [smaller] if "latency" not in over and over.get("size", 0) < 1 else []

    def ranked(self) -> list[Record]:
        """Give the trials to train fully, the best first; see ranking.ranked."""
        return ranking.ranked(self.records, self.limits)

    def final(self) -> tuple[Record, dict[str, Path], bool]:
        """The best, fully trained, its files, and whether it keeps the limits: the first of the
        best trials that does, else the nearest of those trained.

        EdgetextError when there is no trial to choose from.
        """
        ranked = self.ranked()
        if not ranked:
            raise EdgetextError(
                f"{self.folder}: no trial could be made; see the notes in {self.records.path}"
            )
        finished: list[tuple[Record, dict[str, Path]]] = []
        fault: EdgetextError | None = None
        for record in ranking.finalists(ranked):
            if finished and self.clock.is_over():
                break
            _log.info(f"final training: {record.words}")
            try:
                finished.append(self._finish(record))
            except TrainingInterruptedError:
                raise
            except EdgetextError as error:
                _log.info(f"it failed: {error}")
                fault = error
                continue
            cost = finished[-1][0].cost
            assert cost is not None
            if not self.limits.excess(cost):
                return *finished[-1], True
        if not finished:
            assert fault is not None
            raise fault
        best = min(finished, key=lambda pair: ranking.distance(pair[0], self.limits))
        return *best, False

    def _finish(self, record: Record) -> tuple[Record, dict[str, Path]]:
        folder = self.folder / "final" / ranking.shape(record)
        begun = time.monotonic()
        epochs = self.clock.epochs_that_fit(record)
        cuts = self.maker.space.cuts
        longest, tried = (
            epochs_of(record.choice, x, cuts) for x in (epochs or self.clock.full, self.epochs)
        )
        if record.status == MEASURED and longest <= tried:
            # Training for as long as in its trial would give its trial's files.
            stem = self.folder / "trials" / record.name / "model"
            files = {x: stem.with_suffix(x) for x in (".pt", *record.files)}
            if all(path.exists() for path in files.values()):
                return record, files
        model = self.maker.trained(record.choice, folder / "model.pt", epochs)
        stem = folder / record.name / "model.pt"
        checkpoint = self.maker.stored(record.choice, model, stem, epochs)
        files = self.maker.exported(checkpoint)
        costs = self.trials.measured(files)
        cost = total(costs, self.teacher, self.metrics)
        seconds = round(time.monotonic() - begun, 1)
        trained = replace(
            record,
            status=MEASURED,
            note="",
            epochs=longest,
            seconds=seconds,
            files=costs,
            cost=cost,
        )
        _log.info(_line(trained, 0))
        return trained, {".pt": checkpoint, **files}


def _line(record: Record, number: int) -> str:
    start = f"{number}. " if number else ""
    line = f"{start}{record.name} {record.status}"
    if record.cost is not None and record.status == MEASURED:
        cost = record.cost
        line += f": {cost.size:,} bytes, {cost.latency:.3f} ms, {cost.drop:+.2f} points lost"
    if record.note:
        line += f" ({record.note})"
    return f"{line}, {_epochs(record.epochs)}, {record.seconds:.0f} s"


def _epochs(count: int) -> str:
    return f"{count} epoch" + ("" if count == 1 else "s")
