"""The search: choices from optuna, short trainings that are stopped early, the best trained fully.

A folder holds all of it, so that the same command goes on where it was stopped:

    compress.json       the teacher, the limits and how trials are trained
    trials.jsonl        a line a trial (see record.Record)
    trials/NAME/        its checkpoint in its precision, and its files
    trained/SHAPE/      the float32 checkpoint that the trials of one shape share, whatever their
                        precision
    study.journal       what optuna knows
    final/SHAPE/        the fully trained ones, each with a folder a trial
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes, write_text
from edgetext.search.limits import Cost, Limits
from edgetext.search.make import Maker
from edgetext.search.measure import FileCost, drop, file_cost, total, weight
from edgetext.search.record import FAILED, MEASURED, SKIPPED, STOPPED, Record, Records
from edgetext.search.space import Choice, in_words, key_of, shape_of
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
# So many choices are passed over untrained for each that is trained, at most.
SKIPS = 10
# How many shapes are trained fully, the best first, until one keeps the limits; and in how many
# precisions each is then tried.
FINALISTS, IN_PRECISIONS = 3, 2


class StoppedEarlyError(Exception):
    """The trial that is being trained is worse than others were after as many epochs."""


class OutOfTimeError(Exception):
    """The minutes are over."""


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

    def __post_init__(self) -> None:
        self.records = Records(self.folder / "trials.jsonl")

    def run(self, trials: int, seed: int) -> None:
        """Until so many shapes were trained, or the time left is what the last training needs.

        What is too large untrained is tried in the next precision that is smaller, and the best in
        the end in every one, which costs no training.
        """
        from optuna.trial import TrialState

        study = self._study(seed)
        for choice in self.maker.space.first():
            study.enqueue_trial(choice, skip_if_exists=True)
        skipped = 0
        while skipped < SKIPS * trials:
            enough = self.trainings() >= trials
            if enough:
                for choice in self._untried():
                    study.enqueue_trial(choice, skip_if_exists=True)
                if not study.get_trials(deepcopy=False, states=(TrialState.WAITING,)):
                    return
            if self._time_is_up():
                _log.info("the time that is left is for the final training")
                return
            trial = study.ask()
            choice = self.maker.space.suggest(trial)
            if enough and not self._made(choice, MEASURED):
                study.tell(trial, state=TrialState.FAIL)
                continue
            known = self.records.find(key_of(choice))
            if known is not None:
                _tell(study, trial, known, self.limits)
                skipped += 1
                continue
            try:
                record = self._try(choice, trial)
            except OutOfTimeError:
                _log.info("the time that is left is for the final training")
                return
            self.records.add(record)
            skipped += record.status in (SKIPPED, FAILED)
            _tell(study, trial, record, self.limits)
            _log.info(_line(record, len(self.records.rows)))
            if record.status == SKIPPED:
                for smaller in self._smaller(record):
                    study.enqueue_trial(smaller, skip_if_exists=True)

    def trainings(self) -> int:
        """How many shapes were trained."""
        return len({_shape(record) for record in self.records.of(MEASURED, STOPPED)})

    def _smaller(self, record: Record) -> list[Choice]:
        """The next smaller precision of what is too large, but by so little that it may help."""
        smaller = self.maker.space.smaller(record.choice)
        if smaller is None or record.cost is None:
            return []
        over = self.limits.excess(record.cost)
        return [smaller] if "latency" not in over and over.get("size", 0) < 1 else []

    def _untried(self) -> list[Choice]:
        """The best trial's shape in the precisions that it was not tried in."""
        best = next((r for r in self.ranked() if r.status == MEASURED), None)
        siblings = [] if best is None else self.maker.space.siblings(best.choice)
        return [choice for choice in siblings if self.records.find(key_of(choice)) is None]

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
        made: list[tuple[Record, dict[str, Path]]] = []
        fault: EdgetextError | None = None
        for record in _finalists(ranked):
            if made and self._over():
                break
            _log.info(f"final training: {record.words}")
            try:
                made.append(self._finish(record))
            except TrainingInterruptedError:
                raise
            except EdgetextError as error:
                _log.info(f"it failed: {error}")
                fault = error
                continue
            cost = made[-1][0].cost
            assert cost is not None
            if not self.limits.excess(cost):
                return *made[-1], True
        if not made:
            assert fault is not None
            raise fault
        best = min(made, key=lambda pair: self._distance(pair[0]))
        return *best, False

    def _finish(self, record: Record) -> tuple[Record, dict[str, Path]]:
        folder = self.folder / "final" / _shape(record)
        begun = time.monotonic()
        epochs = self._epochs_that_fit(record)
        if record.status == MEASURED and (epochs or self.full_epochs()) <= self.epochs:
            # Training for as long as in its trial would give its trial's files.
            own = self.folder / "trials" / record.name / "model"
            files = {x: own.with_suffix(x) for x in (".pt", *record.files)}
            if all(path.exists() for path in files.values()):
                return record, files
        model = self.maker.trained(record.choice, folder / "model.pt", epochs)
        own = folder / record.name / "model.pt"
        checkpoint = self.maker.stored(record.choice, model, own, epochs)
        files = self.maker.exported(checkpoint)
        found = self._measured(files)
        cost = total(found, self.teacher, self.metrics)
        seconds = round(time.monotonic() - begun, 1)
        full = self.full_epochs()
        made = replace(
            record, status=MEASURED, note="", epochs=epochs or full, seconds=seconds, files=found,
            cost=cost,
        )  # fmt: skip
        _log.info(_line(made, 0))
        return made, {".pt": checkpoint, **files}

    def _try(self, choice: Choice, trial: optuna.Trial) -> Record:
        begun = time.monotonic()
        name = key_of(choice)
        folder = self.folder / "trials" / name
        shared = self.folder / "trained" / key_of(shape_of(choice))
        for path in (folder, shared):
            path.mkdir(parents=True, exist_ok=True)
        _log.info(f"trial {name}: {in_words(choice)}")
        watch = Watch(self, trial, shared / "drops.json")

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
                return record(SKIPPED, over, files=blank, cost=_untrained(blank))
            alike = self._made(choice, STOPPED)
            if alike is not None:
                return record(STOPPED, f"as {alike.name}, which is trained alike", files=blank)
            try:
                self.maker.trained(choice, model, self.epochs, watch)
            except StoppedEarlyError:
                state_path(model).unlink(missing_ok=True)
                return record(STOPPED, f"after epoch {len(watch.drops)}", files=blank)
            checkpoint = self.maker.stored(choice, model, folder / "model.pt", self.epochs)
            if weights := self._too_heavy(checkpoint):
                note = f"--max-size {self.limits.size:,} bytes: its weights alone have {weights:,}"
                return record(SKIPPED, note, cost=Cost(weights, 0.0, 0.0))
            files = self._measured(self.maker.exported(checkpoint))
        except TrainingInterruptedError:
            raise
        except (EdgetextError, WorkerError) as error:
            return record(FAILED, str(error))
        return record(MEASURED, files=files, cost=total(files, self.teacher, self.metrics))

    def _made(self, choice: Choice, status: str) -> Record | None:
        """A trial of the same shape that ended so."""
        shape = key_of(shape_of(choice))
        return next((r for r in self.records.of(status) if _shape(r) == shape), None)

    def _blank(self, choice: Choice, folder: Path) -> dict[str, FileCost]:
        """What the untrained files cost, up to the first that costs too much; kept, for a trial
        that goes on. {} where there is no limit that they could pass."""
        if self.limits.size is None and self.limits.latency is None:
            return {}
        known = folder / "untrained.json"
        if known.exists():
            return {x: FileCost(**row) for x, row in json.loads(read_bytes(known)).items()}
        checkpoint = self.maker.untrained(choice, folder / "untrained.pt")
        found: dict[str, FileCost] = {}
        for suffix in self.maker.suffixes:
            path = write_variant(checkpoint, checkpoint.with_suffix(suffix))
            found[suffix] = file_cost(path, self.maker.splits.valid, answered=False)
            path.unlink()
            if self._too_much(found):
                break
        checkpoint.unlink()
        write_text(known, json.dumps({x: cost.as_json() for x, cost in found.items()}))
        return found

    def _too_much(self, files: dict[str, FileCost]) -> str:
        """Why it need not be trained, or ""."""
        cost = _untrained(files)
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
        if self.limits.size is None or not self._within():
            return 0
        weights = weight(checkpoint)
        return weights if weights > self.limits.size else 0

    def _measured(self, files: dict[str, Path]) -> dict[str, FileCost]:
        return {x: file_cost(path, self.maker.splits.valid) for x, path in files.items()}

    def ranked(self) -> list[Record]:
        """The trials to train fully, the best first: those within size and latency by their drop,
        then those that are nearest to the limits."""
        others = [r for r in self.records.of(MEASURED, SKIPPED) if r.cost]
        return self._within() or sorted(others, key=self._distance)

    def _within(self) -> list[Record]:
        """The measured trials within size and latency, that which loses least first."""
        plain = replace(self.limits, drop=None)
        costs = [(r.cost, r) for r in self.records.of(MEASURED) if r.cost is not None]
        within = [(cost, r) for cost, r in costs if not plain.excess(cost)]
        return [r for _, r in sorted(within, key=lambda pair: (pair[0].drop, pair[0].size))]

    def _distance(self, record: Record) -> float:
        """How far beyond its worst limit: 0 within all of them."""
        assert record.cost is not None
        return max(self.limits.excess(record.cost).values(), default=0.0)

    def _study(self, seed: int) -> optuna.Study:
        """The folder's study; trials that were being made when it was stopped come first."""
        import optuna
        from optuna.storages import JournalStorage
        from optuna.storages.journal import JournalFileBackend
        from optuna.trial import TrialState

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        done = len(self.records.rows)
        study = optuna.create_study(
            study_name="compress",
            storage=JournalStorage(JournalFileBackend(str(self.folder / "study.journal"))),
            direction="maximize",
            load_if_exists=True,
            # Another seed after each stop, or the same choices would come again.
            sampler=optuna.samplers.TPESampler(seed=seed * 1009 + done, n_startup_trials=5),
            pruner=optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=2),
        )
        for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
            study.tell(trial.number, state=TrialState.FAIL)
            study.enqueue_trial(trial.params)
        return study

    def full_epochs(self) -> int:
        student = self.maker.space.recipe.student
        assert student is not None
        return student.training.epochs

    def _pace(self, shape: str | None = None) -> float:
        """Seconds an epoch, exporting and measuring included, of the slowest trial so far, among
        all or those of one shape."""
        found = [
            r.seconds / r.epochs
            for r in self.records.of(MEASURED)
            if r.epochs and shape in (None, _shape(r))
        ]
        return max(found, default=0.0)

    def _epochs_that_fit(self, record: Record) -> int | None:
        """None for all; fewer where the time that is left is too short, and no fewer than a
        trial's."""
        pace = self._pace(_shape(record)) or self._pace()
        if self.deadline is None or not pace:
            return None
        fit = int((self.deadline - time.monotonic()) / pace)
        if fit >= self.full_epochs():
            return None
        epochs = max(self.epochs, fit)
        _log.info(f"{epochs} of {self.full_epochs()} epochs fit into the time that is left")
        return epochs

    def _time_is_up(self) -> bool:
        if self.deadline is None:
            return False
        return time.monotonic() + self._pace() * self.full_epochs() > self.deadline

    def _over(self) -> bool:
        return self.deadline is not None and time.monotonic() > self.deadline


class Watch:
    """Called after each epoch of a trial: reports to optuna, stops what is worse than others.

    What was reported is kept in a file, since a trial that goes on reports it again.
    """

    def __init__(self, search: Search, trial: optuna.Trial, path: Path) -> None:
        self.search, self.trial, self.path = search, trial, path
        self.drops: list[float] = json.loads(read_bytes(path)) if path.exists() else []
        for epoch, value in enumerate(self.drops, start=1):
            trial.report(-value, epoch)

    def __call__(self, epoch: int, metrics: dict[str, float]) -> None:
        names = self.search.early or self.search.metrics
        value = round(drop(self.search.teacher, metrics, names), 3)
        del self.drops[epoch - 1 :]
        self.drops.append(value)
        write_text(self.path, json.dumps(self.drops))
        self.trial.report(-value, epoch)
        if epoch < self.search.epochs and self.trial.should_prune():
            raise StoppedEarlyError
        if self.search._time_is_up() and self.search.records.of(MEASURED):
            raise OutOfTimeError


def _tell(study: optuna.Study, trial: optuna.Trial, record: Record, limits: Limits) -> None:
    """Close a trial with its outcome; how far a skipped one is beyond its limits counts too."""
    from optuna.trial import TrialState

    over = limits.excess(record.cost) if record.cost is not None else {}
    for name in ("size", "latency"):
        trial.set_constraint(name, over.get(name, 0.0))
    if record.status == MEASURED and record.cost is not None:
        study.tell(trial, -record.cost.drop)
    elif record.status == FAILED:
        study.tell(trial, state=TrialState.FAIL)
    else:
        study.tell(trial, state=TrialState.PRUNED)


def _shape(record: Record) -> str:
    return key_of(shape_of(record.choice))


def _finalists(ranked: Sequence[Record]) -> Iterator[Record]:
    """Of the first FINALISTS shapes, the first IN_PRECISIONS of each."""
    taken: Counter[str] = Counter()
    for record in ranked:
        shape = _shape(record)
        if taken[shape] < IN_PRECISIONS and (shape in taken or len(taken) < FINALISTS):
            taken[shape] += 1
            yield record


def _untrained(files: dict[str, FileCost]) -> Cost:
    return total(files, {}, ())


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
