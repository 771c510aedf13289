"""What one answer executes, in instructions, on a processor that qemu emulates.

Instructions are stable on noisy machines, where times are not: the same file, texts and hash seed
give nearly the same count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from edgetext.bench.process import Emulator, Worker, WorkerError
from edgetext.bench.texts import Question

# Instructions of one answer: those of many answers less those of a few, so that what asking costs
# once is left out.
FEW, MANY = 5, 105
# getppid of each architecture: a system call that nothing else makes is the mark in the count.
_MARKS = {"aarch64": 173, "x86_64": 110}


@dataclass(frozen=True, slots=True)
class Counter:
    """The plugin of arm64/count.c, and the file where it writes the count at each mark."""

    plugin: Path
    log: Path

    def emulator(
        self, qemu: Sequence[str], python: str, environment: Mapping[str, str]
    ) -> Emulator:
        """`qemu`: its command, as `qemu-aarch64 -cpu max`."""
        mark = _MARKS[qemu[0].removeprefix("qemu-")]
        counting = ["-plugin", f"{self.plugin},mark={mark}", "-d", "plugin", "-D", str(self.log)]
        # The order of sets would change the count from run to run.
        return Emulator([*qemu, *counting, python], {**environment, "PYTHONHASHSEED": "0"})

    def an_answer(self, worker: Worker, texts: Sequence[Question]) -> int:
        """Instructions of one answer, in the mean over texts taken in turn. The process ends by it.

        WorkerError when it ends before, or the plugin is an older one.
        """
        for answers in (FEW, MANY):
            worker.run_marked([texts[i % len(texts)] for i in range(answers)])
        worker.finish()
        lines = self.log.read_text("ascii").splitlines() if self.log.exists() else []
        marks = [int(line.removeprefix("mark ")) for line in lines if line.startswith("mark ")]
        if len(marks) != 4:
            raise WorkerError("qemu's plugin counted nothing; run bench/arm64/setup again")
        few, many = marks[1] - marks[0], marks[3] - marks[2]
        return round((many - few) / (MANY - FEW))
