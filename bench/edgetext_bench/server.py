"""Target `server`: contenders on this machine, taking turns so that noise falls on all alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from edgetext.data.augment import typos as noise
from edgetext.data.example import Example
from edgetext.tasks.prediction import Prediction
from edgetext.timing import statistics, texts
from edgetext.timing.contenders import way_of
from edgetext.timing.process import Worker, WorkerError
from edgetext_bench.asked import PROFILED_BYTES, Asked
from edgetext_bench.plan import Plan, Setting
from edgetext_bench.rows import AS_IS, Cell, Results, Row, make_row
from edgetext_bench.taking import Taking, absent
from edgetext_bench.workers import Workers

# Turns before a setting is timed, and the share of a turn's time that the first guess takes.
WARM_UP = 2
FIRST_CALLS = 3
# More calls than this in one turn say nothing new.
MOST_CALLS = 500
# Whose answers are held against each other line by line: our own, and the rival with our network.
SAME_NETWORK = (None, "tokenizers")


@dataclass(slots=True)
class Run:
    """One run of the harness on this machine.

    common: what every row holds (data, machine, versions, settings, run). say(cell) is called
    before a cell, advance() after it. failed: cells that did not come to an end.
    """

    taking: Sequence[Taking]
    examples: Sequence[Example]
    plan: Plan
    results: Results
    common: dict[str, Any]
    say: Callable[[str], None] = lambda text: None
    advance: Callable[[], None] = lambda: None
    failed: list[tuple[Cell, str]] = field(default_factory=list)
    # By contender: answers to the quality texts, for the lines where two disagree.
    answers: dict[str, list[Prediction]] = field(default_factory=dict)
    asked: Asked = field(init=False)
    workers: Workers = field(init=False)

    def __post_init__(self) -> None:
        self.asked = Asked(self.examples, self.plan)
        self.workers = Workers(self.asked.questions()[0])

    def cells(self) -> int:
        """How many times `advance` will be called."""
        each = {
            "start": 1, "latency": len(self.plan.settings()), "quality": 1, "noise": 1,
            "operators": 1, "network": len(self.plan.networks()), "scores": 1, "work": 1,
        }  # fmt: skip
        return sum(each[kind] for one in self.taking for kind in self.plan.kinds if one.has(kind))

    def skip(self, contender: str, why: str) -> None:
        """A row for what cannot take part."""
        one = absent(contender)
        cell = one.cell("quality")
        if not self._held(one, cell):
            self._add(one, cell, {}, "skipped", why)

    def measure(self) -> None:
        """Every cell that the results do not hold yet."""
        settings = self.plan.settings() if "latency" in self.plan.kinds else [(1, 1, AS_IS)]
        once = {
            "quality": self._quality,
            "noise": self._noise,
            "operators": self._operators,
            "work": self._work,
        }
        try:
            if "start" in self.plan.kinds:
                self._starts()
                if settings[0][0] != 1:
                    self.workers.close()
            for threads in dict.fromkeys(threads for threads, _, _ in settings):
                for setting in [s for s in settings if s[0] == threads]:
                    if "latency" in self.plan.kinds:
                        self._times("latency", setting)
                if threads == 1:
                    if "network" in self.plan.kinds:
                        for length in self.plan.networks():
                            self._times("network", (1, 1, length))
                    if "scores" in self.plan.kinds:
                        self._times("scores", (1, 1, AS_IS))
                    for one in self.taking:
                        for kind, step in once.items():
                            if kind in self.plan.kinds and one.has(kind):
                                step(one)
                self.workers.close()
        finally:
            self.workers.close()

    def _starts(self) -> None:
        """Fresh processes, one contender after the other, round by round; the last of each stays
        for what is measured on one thread."""
        waiting = self._open("start")
        starts: dict[Cell, list[dict[str, Any]]] = {cell: [] for _, cell in waiting}
        for number in range(self.plan.starts):
            for one, cell in list(waiting):
                slow = way_of(cell.runtime).slow
                if number and slow:
                    continue
                self.say(str(cell))
                try:
                    worker = self.workers.spawn(one.entry, 1)
                except WorkerError as failure:
                    waiting.remove((one, cell))
                    self._fail(one, cell, failure)
                    self.advance()
                else:
                    starts[cell].append(worker.start)
                    if number == (0 if slow else self.plan.starts - 1):
                        self.workers.keep(one.entry, worker)
                    else:
                        worker.close()
        for one, cell in waiting:
            self._add(one, cell, _start_figures(starts[cell]))
            self.advance()

    def _times(self, kind: str, setting: Setting) -> None:
        """kind: "latency", or "network" and "scores" for that of the network alone."""
        threads, batch, length = setting
        waiting = self._open(kind, threads, batch, length)
        calls = self.asked.calls(batch, length)
        ready: list[tuple[Taking, Cell, Worker, int]] = []
        for one, cell in waiting:
            self.say(str(cell))
            try:
                worker = self.workers.get(one.entry, threads)
                if kind in ("network", "scores"):
                    worker.set_network([text for (text,) in calls], decoded=kind == "network")
                else:
                    worker.set_calls(calls)
                ready.append((one, cell, worker, self._calls_a_turn(worker, len(calls))))
            except WorkerError as failure:
                self._fail(one, cell, failure)
                self.advance()
        times: dict[Cell, list[np.ndarray]] = {cell: [] for _, cell, _, _ in ready}
        for number in range(-WARM_UP, self.plan.rounds):
            for one, cell, worker, count in list(ready):
                self.say(str(cell))
                try:
                    taken = worker.time(count)
                except WorkerError as failure:
                    ready = [item for item in ready if item[1] != cell]
                    self._fail(one, cell, failure)
                    self.advance()
                    continue
                if number >= 0:
                    times[cell].append(taken)
        for one, cell, worker, _ in ready:
            figures = statistics.summarize(times[cell], self.plan.seed)
            if kind == "latency":
                figures["texts_per_second"] = round(1e6 * batch / figures["mean_us"], 1)
            if batch > 1:
                figures["batching"] = worker.start["batching"]
            self._add(one, cell, figures)
            self.advance()

    def _calls_a_turn(self, worker: Worker, texts_given: int) -> int:
        """As many calls as fit the turn's time: whole passes over the texts where possible."""
        each = float(np.median(worker.time(FIRST_CALLS))) / 1e6
        count = max(1, min(MOST_CALLS, int(self.plan.round_seconds / each)))
        return count - count % texts_given if count > texts_given else count

    def _quality(self, one: Taking) -> None:
        cell = one.cell("quality")
        held = self._held(one, cell)
        examples = self.asked.judged()
        if not held:
            self._try(one, cell, lambda worker: self._quality_figures(one, worker, examples))
        self.advance()

    def _quality_figures(
        self, one: Taking, worker: Worker, examples: Sequence[Example]
    ) -> dict[str, Any]:
        given = worker.answers([texts.question(e) for e in examples])
        key = f"{one.entry.name} {one.entry.runtime}"
        self.answers[key] = given
        figures: dict[str, Any] = {
            "texts": len(examples),
            "metrics": self._metrics(one, examples, given),
        }
        first = next(iter(self.answers))
        if first != key and one.file.get("peer") in SAME_NETWORK:
            pairs = zip(self.answers[first], given, examples, strict=True)
            figures["compared_with"] = first
            figures["disagrees_at"] = [
                example.source for a, b, example in pairs if not one.task.same(a, b)
            ]
        return figures

    def _noise(self, one: Taking) -> None:
        cell = one.cell("noise")

        def figures(worker: Worker) -> dict[str, Any]:
            examples = self.asked.disturbed()
            metrics = {}
            for name in ("none", *noise.KINDS):
                noisy = noise.disturbed(examples, name, self.plan.seed)
                given = worker.answers([texts.question(e) for e in noisy])
                metrics[name] = self._metrics(one, noisy, given)
            return {"texts": len(examples), "metrics": metrics}

        if not self._held(one, cell):
            if noise.can_disturb(self.examples):
                self._try(one, cell, figures)
            else:
                self._add(one, cell, {}, "skipped", noise.CANNOT)
        self.advance()

    def _operators(self, one: Taking) -> None:
        cell = one.cell("operators")
        text = self.asked.profiled()
        if not self._held(one, cell):
            self.say(str(cell))
            try:
                operators, note = self.workers.get(one.entry, 1).operators(text)
            except WorkerError as failure:
                self._fail(one, cell, failure)
            else:
                figures = {"bytes": PROFILED_BYTES, "operators": operators}
                status = "ok" if operators else "skipped"
                self._add(one, cell, figures if operators else {}, status, note)
        self.advance()

    def _work(self, one: Taking) -> None:
        cell = one.cell("work")
        asked = self.asked.counted()
        if not self._held(one, cell):
            if len(one.task.inputs) > 1:
                self._add(one, cell, {}, "skipped", "counted in models of one text alone")
            else:
                self._try(one, cell, lambda worker: worker.work(asked))
        self.advance()

    def _metrics(
        self, one: Taking, examples: Sequence[Example], given: Sequence[Prediction]
    ) -> dict[str, float]:
        found = one.task.measure(examples, given)
        return {name: round(value, 6) for name, value in found.items()}

    def _try(self, one: Taking, cell: Cell, figures: Callable[[Worker], dict[str, Any]]) -> None:
        self.say(str(cell))
        try:
            self._add(one, cell, figures(self.workers.get(one.entry, cell.threads)))
        except WorkerError as failure:
            self._fail(one, cell, failure)

    def _open(
        self, kind: str, threads: int = 1, batch: int = 1, length: int | str = AS_IS
    ) -> list[tuple[Taking, Cell]]:
        """The contenders whose cell is still to be measured."""
        pairs = [
            (one, one.cell(kind, threads, batch, length)) for one in self.taking if one.has(kind)
        ]
        waiting = [pair for pair in pairs if not self._held(*pair)]
        for _ in range(len(pairs) - len(waiting)):
            self.advance()
        return waiting

    def _held(self, one: Taking, cell: Cell) -> bool:
        return self.results.holds(self._row(one, cell))

    def _add(
        self,
        one: Taking,
        cell: Cell,
        figures: dict[str, Any],
        status: str = "ok",
        note: str = "",
    ) -> None:
        self.results.add(self._row(one, cell, figures, status, note))

    def _fail(self, one: Taking, cell: Cell, failure: WorkerError) -> None:
        """Note it, and let the contender's next cell begin with a new process."""
        self.workers.drop(one.entry)
        self.failed.append((cell, str(failure)))
        self._add(one, cell, {}, "failed", str(failure))

    def _row(
        self,
        one: Taking,
        cell: Cell,
        figures: dict[str, Any] | None = None,
        status: str = "ok",
        note: str = "",
    ) -> Row:
        return make_row(cell, one.file, self.common, figures, status, note)


def _start_figures(starts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The middle of the fresh processes; the largest for memory."""
    figures: dict[str, Any] = {"processes": len(starts)}
    for name in ("spawn_ms", "import_ms", "load_ms", "first_ms"):
        values = [start[name] for start in starts]
        figures[name] = round(float(np.median(values)), 3)
        figures[f"{name}_all"] = [round(value, 3) for value in values]
    for name in ("peak_bytes", "model_bytes"):
        figures[name] = max(start[name] for start in starts)
    return figures
