"""Answers and executed instructions on emulated arm64 processors. Times there mean nothing, so none
is kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import edgetext
from edgetext.data.example import Example
from edgetext.targets import catalog
from edgetext.tasks.prediction import Prediction
from edgetext.timing import machine
from edgetext.timing.contenders import Entry
from edgetext.timing.counting import FEW, MANY, Counter, counting
from edgetext.timing.process import Worker, WorkerError
from edgetext.timing.texts import Question, question
from edgetext_bench.rows import Cell, Results, Row, make_row
from edgetext_bench.run import Loaded
from edgetext_bench.runtimes.known import runtime_of

TARGET = "arm64"
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
QUALITY, INSTRUCTIONS = "quality", "instructions"


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
    if not (root / "opt/site/executorch").exists():
        raise NotReady(f"{root} has no ExecuTorch yet; bench/arm64/setup adds it")
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
            if runtime_of(one.path.suffix) is None:
                continue
            missing = [(p, self._missing(one, p)) for p in PROCESSORS]
            compared = any(QUALITY in kinds for _, kinds in missing)
            try:
                here = self._answers_here(one) if compared else []
            except WorkerError as error:
                for processor, kinds in missing:
                    self._fail(one, kinds, processor, f"on this machine: {error}")
                continue
            for processor, kinds in missing:
                if kinds:
                    self._measure_on(processor, one, kinds, here)

    def _missing(self, one: Loaded, processor: str) -> list[str]:
        """Kinds of cells that are not there yet."""
        return [
            kind
            for kind in (QUALITY, INSTRUCTIONS)
            if not self.results.holds(self._row(one, kind, processor))
        ]

    def _measure_on(
        self, processor: str, one: Loaded, kinds: Sequence[str], here: Sequence[Prediction]
    ) -> None:
        """One process gives both, since starting takes longest there."""
        left = list(kinds)
        self.say(str(_cell(one, processor, left[0])))
        try:
            with self._started(one, processor) as counter:
                if QUALITY in left:
                    figures = self._quality(one, counter.worker, here)
                    self.results.add(self._row(one, QUALITY, processor, figures))
                    left.remove(QUALITY)
                if left:
                    self.say(str(_cell(one, processor, INSTRUCTIONS)))
                    figures = {"instructions": counter.an_answer(self._texts())}
                    figures["answers"] = MANY - FEW
                    self.results.add(self._row(one, INSTRUCTIONS, processor, figures))
                    left.clear()
        except WorkerError as error:
            self._fail(one, left, processor, str(error))

    def _fail(self, one: Loaded, kinds: Sequence[str], processor: str, fault: str) -> None:
        for kind in kinds:
            self.failed.append((_cell(one, processor, kind), fault))
            self.results.add(self._row(one, kind, processor, status="failed", note=fault))

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

    def _started(self, one: Loaded, processor: str) -> AbstractContextManager[Counter]:
        write_cpuinfo(self.root, processor)
        home = Path(edgetext.__file__).resolve().parents[1]
        return counting(
            _entry(one),
            self._texts()[0],
            self.root / "libcount.so",
            ["qemu-aarch64", "-cpu", processor, "-L", str(self.root)],
            str(self.root / "usr/bin/python3.11"),
            {
                "PYTHONPATH": os.pathsep.join([str(self.root / "opt/site"), str(home)]),
                "PYTHONHOME": str(self.root / "usr"),
            },
        )

    def _texts(self) -> list[Question]:
        return [question(example) for example in self.examples]

    def _row(
        self,
        one: Loaded,
        kind: str,
        processor: str,
        figures: dict[str, Any] | None = None,
        status: str = "ok",
        note: str = "",
    ) -> Row:
        features = PROCESSORS[processor][0]
        emulated = {
            "id": f"qemu {processor}",
            "system": "qemu-user, emulated: times mean nothing and are not kept",
            "cpu": processor,
            "architecture": "aarch64",
            "cores": 1,
            "flags": [flag for flag in machine.FLAGS if flag in features.split()],
        }
        common = {**self.common, "machine": emulated}
        return make_row(_cell(one, processor, kind), one.file, common, figures, status, note)


def _entry(one: Loaded) -> Entry:
    return Entry(one.path.name, str(one.path.resolve()), _way(one))


def _way(one: Loaded) -> str:
    """Give the way in which a file that some runtime measures is run."""
    return catalog.ways(one.path.suffix)[0].name


def _cell(one: Loaded, processor: str, kind: str) -> Cell:
    runtime = f"{_way(one)}, {processor.partition(',')[0]}"
    return Cell(TARGET, one.path.name, runtime, kind)


def write_cpuinfo(root: Path, processor: str) -> None:
    features, implementer, part = PROCESSORS[processor]
    (root / "proc").mkdir(exist_ok=True)
    (root / "proc" / "cpuinfo").write_text(
        f"processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: {features}\n"
        f"CPU implementer\t: {implementer}\nCPU architecture: 8\nCPU variant\t: 0x0\n"
        f"CPU part\t: {part}\nCPU revision\t: 1\n",
        "ascii",
    )
