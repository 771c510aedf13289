"""Answers and executed instructions on emulated arm64 processors. Times there mean nothing, so none
is kept."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edgetext.bench import machine
from edgetext.bench.contenders import Entry
from edgetext.bench.process import Emulator, Worker, WorkerError
from edgetext.bench.rows import Cell, Results, Row, make_row
from edgetext.bench.run import Loaded
from edgetext.bench.texts import Question, question
from edgetext.data.example import Example
from edgetext.tasks.prediction import Prediction

TARGET = "arm64"
START_LIMIT = 300.0  # seconds; the import alone takes ten
# What Linux says of each processor that qemu can be. The features must be those that `-cpu` has:
# with others ONNX Runtime chooses kernels that stop the process.
_COMMON = "fp asimd evtstrm aes pmull sha1 sha2 crc32 cpuid"
_A76 = f"{_COMMON} atomics fphp asimdhp asimdrdm lrcpc dcpop asimddp ssbs"
PROCESSORS = {
    "cortex-a53": (_COMMON, "0x41", "0xd03"),
    "cortex-a76": (_A76, "0x41", "0xd0b"),
    # Plain `max` computed wrong scores in qemu 7.2.
    "max,sve=off,sme=off": (f"{_A76} jscvt fcma i8mm bf16 frint dcpodp sb", "0x41", "0xd49"),
}
# Instructions of one answer: those of a long run less those of a short one, start-up so cancelled.
FEW, MANY = 5, 105
NO_PTE = (
    "ExecuTorch's aarch64 Python package needs a torch that is built for CUDA, so a .pte has no "
    "arm64 cell; `make -C android_demo/offline replay-arm64` checks its answers"
)


class NotReady(Exception):  # noqa: N818 (a state, with an exit status of its own)
    """The emulated processor is not set up; the message is a sentence."""


def find_root() -> Path:
    """The root that bench/arm64/setup built; NotReady otherwise."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    root = Path(os.environ.get("EDGETEXT_ARM64") or cache / "edgetext" / "arm64")
    if shutil.which("qemu-aarch64") is None:
        raise NotReady("qemu-aarch64 is not installed; apt-get install qemu-user adds it")
    if not (root / ".ready").exists():
        raise NotReady(f"{root} holds no arm64 root; bench/arm64/setup builds one")
    return root


@dataclass(slots=True)
class Arm64Run:
    """One run on emulated processors; see server.Run for common, say and advance."""

    loaded: Sequence[Loaded]
    examples: Sequence[Example]
    root: Path
    results: Results
    common: dict[str, Any]
    say: Callable[[str], None] = lambda text: None
    failed: list[tuple[Cell, str]] = field(default_factory=list)

    def measure(self) -> None:
        """Quality with the lines that differ from this machine's, and instructions."""
        for one in self.loaded:
            if one.path.suffix == ".onnx":
                here = self._answers_here(one)
                for processor in PROCESSORS:
                    self._answers_there(one, processor, here)
                    self._instructions(one, processor)
            elif one.path.suffix == ".pte":
                cell = Cell(TARGET, one.path.name, "executorch", "quality")
                row = self._row(one, cell, "", {}, "skipped", NO_PTE)
                if not self.results.holds(row):
                    self.results.add(row)

    def _answers_here(self, one: Loaded) -> list[Prediction]:
        worker = Worker(_entry(one), 1, machine.cores()[:1], self._texts()[0])
        try:
            return worker.answers(self._texts())
        finally:
            worker.close()

    def _quality(self, one: Loaded, worker: Worker, here: Sequence[Prediction]) -> dict[str, Any]:
        found = worker.answers(self._texts())
        metrics = one.predictor.task.measure(self.examples, found)
        pairs = list(zip(here, found, self.examples, strict=True))
        return {
            "texts": len(self.examples),
            "metrics": {name: round(value, 6) for name, value in metrics.items()},
            "compared_with": f"{one.path.name} on {machine.describe()['architecture']}",
            "disagrees_at": [e.source for a, b, e in pairs if not one.predictor.task.same(a, b)],
            "largest_score_difference": max(abs(a.score - b.score) for a, b, _ in pairs),
        }

    def _instructions(self, one: Loaded, processor: str) -> None:
        cell = _cell(one, processor, "instructions")
        if self._held(one, cell, processor):
            return
        self.say(str(cell))
        try:
            few, many = (self._count(one, processor, answers) for answers in (FEW, MANY))
        except WorkerError as error:
            self._fail(one, cell, processor, error)
        else:
            figures = {"instructions": round((many - few) / (MANY - FEW)), "answers": MANY - FEW}
            self.results.add(self._row(one, cell, processor, figures))

    def _count(self, one: Loaded, processor: str, answers: int) -> int:
        """What the whole process executes that gives so many answers."""
        texts = self._texts()
        return counted(
            lambda log: self._start(one, processor, log),
            [texts[i % len(texts)] for i in range(answers)],
        )

    def _answers_there(self, one: Loaded, processor: str, here: Sequence[Prediction]) -> None:
        cell = _cell(one, processor, "quality")
        if self._held(one, cell, processor):
            return
        self.say(str(cell))
        try:
            worker = self._start(one, processor)
            try:
                figures = self._quality(one, worker, here)
            finally:
                worker.close()
        except WorkerError as error:
            self._fail(one, cell, processor, error)
        else:
            self.results.add(self._row(one, cell, processor, figures))

    def _start(self, one: Loaded, processor: str, log: Path | None = None) -> Worker:
        _write_cpuinfo(self.root, processor)
        plugin = ["-plugin", str(self.root / "libcount.so"), "-d", "plugin", "-D", str(log)]
        command = ["qemu-aarch64", "-cpu", processor, "-L", str(self.root)]
        command += [*(plugin if log is not None else ()), str(self.root / "usr/bin/python3.11")]
        package = Path(__file__).resolve().parents[1]
        home = package.parent if package.parent.name != "edgetext" else package.parents[1]
        environment = {
            "PYTHONPATH": os.pathsep.join([str(self.root / "opt/site"), str(home)]),
            "PYTHONHOME": str(self.root / "usr"),
            # The order of sets would change the count from run to run.
            "PYTHONHASHSEED": "0",
        }
        emulator = Emulator(command, environment)
        return Worker(_entry(one), 1, machine.cores()[:1], self._texts()[0], START_LIMIT, emulator)

    def _texts(self) -> list[Question]:
        return [question(example) for example in self.examples]

    def _held(self, one: Loaded, cell: Cell, processor: str) -> bool:
        return self.results.holds(self._row(one, cell, processor))

    def _fail(self, one: Loaded, cell: Cell, processor: str, error: WorkerError) -> None:
        self.failed.append((cell, str(error)))
        self.results.add(self._row(one, cell, processor, {}, "failed", str(error)))

    def _row(
        self,
        one: Loaded,
        cell: Cell,
        processor: str,
        figures: dict[str, Any] | None = None,
        status: str = "ok",
        note: str = "",
    ) -> Row:
        features = PROCESSORS[processor][0] if processor else ""
        emulated = {
            "id": f"qemu {processor}".strip(),
            "system": "qemu-user, emulated: times mean nothing and are not kept",
            "cpu": processor,
            "architecture": "aarch64",
            "cores": 1,
            "flags": [flag for flag in machine.FLAGS if flag in features.split()],
        }
        common = {**self.common, "machine": emulated}
        return make_row(cell, one.file, common, figures, status, note)


def counted(start: Callable[[Path], Worker], texts: Sequence[Question]) -> int:
    """What a whole process executes that gives the answers; `start` lets qemu's plugin write to a
    file."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "count")
        worker = start(log)
        try:
            worker.answers(texts)
        finally:
            worker.finish()
        words = log.read_text("ascii").split() if log.exists() else []
    if words[:1] != ["instructions"]:
        raise WorkerError("qemu's plugin counted nothing; run bench/arm64/setup again")
    return int(words[1])


def _entry(one: Loaded) -> Entry:
    return Entry(one.path.name, str(one.path.resolve()), "onnxruntime")


def _cell(one: Loaded, processor: str, kind: str) -> Cell:
    return Cell(TARGET, one.path.name, f"onnxruntime, {processor.partition(',')[0]}", kind)


def _write_cpuinfo(root: Path, processor: str) -> None:
    features, implementer, part = PROCESSORS[processor]
    (root / "proc").mkdir(exist_ok=True)
    (root / "proc" / "cpuinfo").write_text(
        f"processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: {features}\n"
        f"CPU implementer\t: {implementer}\nCPU architecture: 8\nCPU variant\t: 0x0\n"
        f"CPU part\t: {part}\nCPU revision\t: 1\n",
        "ascii",
    )
