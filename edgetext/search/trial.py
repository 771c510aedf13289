"""One trial: a choice is made, trained for a few epochs, stopped where it is worse than others, and
measured.

What is too large or too slow is known from its untrained files, and is not trained.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.core.files import in_turn, read_bytes, write_text
from edgetext.search import ranking
from edgetext.search.clock import Clock
from edgetext.search.cuts import is_cut
from edgetext.search.limits import Cost, Limits
from edgetext.search.make import Maker
from edgetext.search.measure import FileCost, drop, file_cost, total, weight
from edgetext.search.record import FAILED, MEASURED, SKIPPED, STOPPED, Record, Records
from edgetext.search.space import Choice, in_words, key_of, shape_of
from edgetext.studies.workers import is_orphan
from edgetext.timing.process import WorkerError
from edgetext.timing.variants import write_variant
from edgetext.training.loop import TrainingInterruptedError
from edgetext.training.run import state_path

if TYPE_CHECKING:
    import optuna

_log = logger(__name__)

# A file that is no more than this above a limit may yet be within it when it is measured again;
# and one whose golden examples are still missing grows by them.
ROOM = 1.1


class StoppedEarlyError(Exception):
    """The trial that is being trained is worse than others were after as many epochs."""


class OutOfTimeError(Exception):
    """The minutes are over, or the process that started this one is gone."""


@dataclass(slots=True)
class Trials:
    """How choices are tried; see search.Search for the fields."""

    maker: Maker
    limits: Limits
    folder: Path
    teacher: dict[str, float]
    metrics: Sequence[str]
    early: Sequence[str]
    records: Records
    clock: Clock

    def attempt(self, choice: Choice, trial: optuna.Trial) -> Record:
        """Try a choice; OutOfTimeError where the minutes are over, TrainingInterruptedError where
        it was stopped by its user."""
        begun = time.monotonic()
        name = key_of(choice)
        folder = self.folder / "trials" / name
        shared = self.folder / "trained" / key_of(shape_of(choice))
        for path in (folder, shared):
            path.mkdir(parents=True, exist_ok=True)
        _log.info(f"trial {name}: {in_words(choice)}")
        watch = Watch(self, trial, shared / "drops.json", compared=not is_cut(choice))

        def record(status: str, note: str = "", **fields: Any) -> Record:
            seconds = round(time.monotonic() - begun, 1)
            drops = watch.drops
            return Record(name, choice, status, note, len(drops), seconds, list(drops), **fields)

        try:
            model = shared / "model.pt"
            # What is trained already need not be made untrained first.
            blank = {} if model.exists() else self._blank(choice, folder)
            over = self._too_much(blank) if blank else ""
            if over:
                return record(SKIPPED, over, files=blank, cost=total(blank, {}, ()))
            with self._alone_in_shape(model):
                watch.recall()
                alike = self.records.of_shape(shape_of(choice), STOPPED)
                if alike is not None:
                    return record(STOPPED, f"as {alike.name}, which is trained alike", files=blank)
                try:
                    self.maker.trained(choice, model, self.clock.epochs, watch)
                except StoppedEarlyError:
                    state_path(model).unlink(missing_ok=True)
                    stopped = record(STOPPED, f"after epoch {len(watch.drops)}", files=blank)
                    # Before another process, which waits for the shape, trains it again.
                    self.records.add(stopped)
                    return stopped
            checkpoint = self.maker.stored(choice, model, folder / "model.pt", self.clock.epochs)
            if weights := self._too_heavy(checkpoint):
                note = f"--max-size {self.limits.size:,} bytes: its weights alone have {weights:,}"
                return record(SKIPPED, note, cost=Cost(weights, 0.0, 0.0))
            files = self.measured(self.maker.exported(checkpoint))
        except TrainingInterruptedError:
            raise
        except (EdgetextError, WorkerError) as error:
            return record(FAILED, str(error))
        return record(MEASURED, files=files, cost=total(files, self.teacher, self.metrics))

    @contextlib.contextmanager
    def _alone_in_shape(self, model: Path) -> Iterator[None]:
        """Let one process at a time train a shape, whose checkpoint is `model`; the next one has
        the checkpoint, or knows that the shape was stopped."""
        with in_turn(model.parent):
            self.records.refresh()
            yield

    def measured(self, files: dict[str, Path]) -> dict[str, FileCost]:
        """Measure files by their suffix, on the validation split."""
        valid = self.maker.splits.valid
        turns = self._turns()
        return {x: file_cost(path, valid, turns, self.metrics) for x, path in files.items()}

    def _turns(self) -> Path:
        """The folder by which processes measure latency in turns."""
        folder = self.folder / "trials"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _blank(self, choice: Choice, folder: Path) -> dict[str, FileCost]:
        """What the untrained files cost, up to the first that costs too much; kept, for a trial
        that goes on. {} where there is no limit that they could pass."""
        if self.limits.size is None and self.limits.latency is None:
            return {}
        known = folder / "untrained.json"
        if known.exists():
            return {x: FileCost(**row) for x, row in json.loads(read_bytes(known)).items()}
        checkpoint = self.maker.untrained(choice, folder / "untrained.pt")
        costs: dict[str, FileCost] = {}
        for suffix in self.maker.suffixes:
            path = write_variant(checkpoint, checkpoint.with_suffix(suffix))
            valid = self.maker.splits.valid
            costs[suffix] = file_cost(path, valid, self._turns(), answered=False)
            path.unlink()
            if self._too_much(costs):
                break
        checkpoint.unlink()
        write_text(known, json.dumps({x: cost.as_json() for x, cost in costs.items()}))
        return costs

    def _too_much(self, files: dict[str, FileCost]) -> str:
        """Why it need not be trained, or ""."""
        cost = total(files, {}, ())
        over = self.limits.excess(cost)
        if "latency" in over and over["latency"] <= ROOM - 1:
            del over["latency"]
        return "; ".join(
            sentence
            for sentence in self.limits.in_words(cost)
            if any(sentence.startswith(f"--max-{name}") for name in over)
        )

    def _too_heavy(self, checkpoint: Path) -> int:
        """Bytes of a checkpoint's weights where its files cannot be the answer, whatever is in them
        beside these: they are over the size, and another trial is within the limits. Else 0."""
        if self.limits.size is None or not ranking.within(self.records, self.limits):
            return 0
        weights = weight(checkpoint)
        return weights if weights > self.limits.size else 0


class Watch:
    """Called after each epoch of a trial: reports to optuna, stops what is worse than others.

    What was reported is kept in a file, since a trial that goes on reports it again. A cut of an
    imported teacher is better after an epoch than a student after many, and is compared with none.
    """

    def __init__(
        self, trials: Trials, trial: optuna.Trial, path: Path, *, compared: bool = True
    ) -> None:
        self.trials, self.trial, self.path, self.compared = trials, trial, path, compared
        self.drops: list[float] = []

    def recall(self) -> None:
        """Read what was reported of the shape, also by another process, and report it again."""
        self.drops = json.loads(read_bytes(self.path)) if self.path.exists() else []
        for epoch, value in enumerate(self.drops, start=1):
            self._report(value, epoch)

    def __call__(self, epoch: int, metrics: dict[str, float]) -> None:
        names = self.trials.early or self.trials.metrics
        value = round(drop(self.trials.teacher, metrics, names), 3)
        del self.drops[epoch - 1 :]
        self.drops.append(value)
        write_text(self.path, json.dumps(self.drops))
        self._report(value, epoch)
        last = epoch >= self.trials.clock.epochs
        if self.compared and not last and self.trial.should_prune():
            raise StoppedEarlyError
        self.trials.records.refresh()
        late = self.trials.clock.only_final_fits() and self.trials.records.of(MEASURED)
        if late or is_orphan():
            raise OutOfTimeError

    def _report(self, value: float, epoch: int) -> None:
        if self.compared:
            # Of a trial that goes on, this may have been reported before.
            known = self.trial.study.get_trials(deepcopy=False)[self.trial.number]
            if epoch not in known.intermediate_values:
                self.trial.report(-value, epoch)
