"""What texts of 8 to 4,096 bytes cost: time and memory of each file.

    python -m edgetext_bench.experiments.long_texts FILE ... [--bytes 8 32 128 512 1024 2048 4096]

The time is the processor's from text to answer, the least of --rounds calls, in each of which all
files answer in turn. The memory is what the process of a file has at most, beyond what it had after
a text of the first length; each file has a process of its own for it, whose texts grow. Texts are
requests one after another; --dense: marks of punctuation, of which each byte is a piece.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.table import Table

from edgetext.predictor import load
from edgetext_bench.experiments.measured_process import peak_of

REQUESTS = (
    "add the newest song by the band to my evening playlist and book a table for four at a "
    "restaurant near the station, then wake me up at seven o'clock tomorrow morning; what will the "
    "weather be like in the city? remind me to call my mother on friday, play some jazz in the "
    "kitchen and turn off the lights in the hall. "
)
BYTES = (8, 32, 128, 512, 1024, 2048, 4096)
MARKS = "!?,.;:"
# Calls of a length in a process whose memory is measured.
CALLS = 5


def texts_of(sizes: Sequence[int], dense: bool) -> list[str]:
    """A text of each size in bytes."""
    parts = MARKS if dense else REQUESTS
    return [(parts * (size // len(parts) + 1))[:size] for size in sizes]


def times(files: Sequence[Path], texts: Sequence[str], rounds: int) -> dict[Path, list[float]]:
    """Microseconds of processor time of each text, by file."""
    models = {file: load(file) for file in files}
    taken: dict[Path, list[float]] = {file: [] for file in files}
    for text in texts:
        least = dict.fromkeys(files, float("inf"))
        for _ in range(rounds):
            for file, model in models.items():
                start = time.process_time_ns()
                model.predict(text)
                least[file] = min(least[file], (time.process_time_ns() - start) / 1e3)
        for file in files:
            taken[file].append(least[file])
    return taken


def memory(file: Path, texts: Sequence[str]) -> list[float]:
    """Megabytes that a process has at most after each text, beyond those after the first."""
    model = load(file)
    most = []
    for text in texts:
        for _ in range(CALLS):
            model.predict(text)
        most.append(peak_of(os.getpid()) / 1024)
    return [each - most[0] for each in most]


def main() -> None:
    """Print a row for each file's times, and one for its memory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--bytes", type=int, nargs="+", default=BYTES)
    parser.add_argument("--dense", action="store_true")
    parser.add_argument("--rounds", type=int, default=100)
    given = parser.parse_args()
    texts = texts_of(given.bytes, given.dense)
    taken = times(given.files, texts, given.rounds)
    table = Table("file", "", title=f"{given.rounds} rounds, one core, processor time")
    for size in given.bytes:
        table.add_column(f"{size:,} bytes", justify="right")
    for file in given.files:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            grown = process.submit(memory, file, texts).result()
        table.add_row(str(file), "µs", *(f"{each:,.0f}" for each in taken[file]))
        table.add_row("", "+ MB", *(f"{each:.1f}" for each in grown))
    Console(width=160).print(table)


if __name__ == "__main__":
    main()
