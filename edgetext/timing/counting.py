"""What one answer executes, in instructions, on a processor that qemu emulates.

Instructions are stable on noisy machines, where times are not: the same file, texts and hash seed
give nearly the same count.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from edgetext.timing import machine
from edgetext.timing.contenders import Entry
from edgetext.timing.process import Emulator, Worker, WorkerError
from edgetext.timing.texts import Question

# Instructions of one answer: those of many answers less those of a few, so that what asking costs
# once is left out.
FEW, MANY = 5, 105
START_LIMIT = 300.0  # seconds; importing PyTorch takes 20, a minute the first time
# getppid of each architecture: a system call that nothing else makes is the mark in the count.
_MARKS = {"aarch64": 173, "x86_64": 110}


@dataclass(frozen=True, slots=True)
class Counter:
    """An emulated measuring process, and the file where the plugin writes the count at each
    mark."""

    worker: Worker
    log: Path

    def an_answer(self, texts: Sequence[Question]) -> int:
        """Instructions of one answer, in the mean over texts taken in turn. The process ends by it.

        WorkerError when it ends before, or the plugin is an older one.
        """
        for answers in (FEW, MANY):
            self.worker.run_marked([texts[i % len(texts)] for i in range(answers)])
        self.worker.finish()
        lines = self.log.read_text("ascii").splitlines() if self.log.exists() else []
        marks = [int(line.removeprefix("mark ")) for line in lines if line.startswith("mark ")]
        if len(marks) != 4:
            raise WorkerError("qemu's plugin counted nothing; run bench/arm64/setup again")
        few, many = marks[1] - marks[0], marks[3] - marks[2]
        return round((many - few) / (MANY - FEW))


@contextlib.contextmanager
def counting(
    entry: Entry,
    text: Question,
    plugin: Path,
    qemu: Sequence[str],
    python: str,
    environment: Mapping[str, str],
) -> Iterator[Counter]:
    """A measuring process of one thread under qemu, with the plugin of arm64/count.c.

    qemu: its command, as `qemu-aarch64 -cpu max`. python: of that architecture. WorkerError when it
    does not come up.
    """
    mark = _MARKS[qemu[0].removeprefix("qemu-")]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "count")
        command = [*qemu, "-plugin", f"{plugin},mark={mark}", "-d", "plugin", "-D", str(log)]
        # The order of sets would change the count from run to run.
        emulator = Emulator([*command, python], {**environment, "PYTHONHASHSEED": "0"})
        worker = Worker(entry, 1, machine.cores()[:1], text, START_LIMIT, emulator)
        try:
            yield Counter(worker, log)
        finally:
            worker.close()
