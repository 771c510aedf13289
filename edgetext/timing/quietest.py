"""How long an answer takes where nothing else runs: in the quietest of several rounds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from edgetext.timing.contenders import entries
from edgetext.timing.machine import cores
from edgetext.timing.process import Worker
from edgetext.timing.texts import Question

WARM_UP = 2  # rounds


def quietest(path: Path, asked: Sequence[Question], rounds: int) -> float:
    """Time a file from text to answer, one question after the other, in a fresh process on one
    core: the median of the quietest round, in microseconds.

    What else runs on a machine only ever adds time. timing.process.WorkerError when the process
    ends.
    """
    worker = Worker(entries([path])[0], 1, cores()[:1], asked[0])
    try:
        worker.set_calls([[question] for question in asked])
        times = [worker.time(len(asked)) for _ in range(WARM_UP + rounds)]
    finally:
        worker.close()
    return min(float(np.median(each)) for each in times[WARM_UP:])
