"""Traces: CSV files of when requests came, and of what was asked."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes
from edgetext.loadtest.arrivals import Schedule

# The names that a column of times may have, and the other columns that are read.
TIMES = ("time", "timestamp", "arrival")
OTHERS = ("text", "texts")


@dataclass(frozen=True, slots=True)
class Trace:
    """Requests as they came. whole: all of them; speed: how many times as fast they are played."""

    path: Path
    whole: Schedule
    speed: float = 1.0

    @property
    def rate(self) -> float:
        """Requests a second, in the mean."""
        return self.whole.rate * self.speed

    def scaled(self, factor: float) -> Trace:
        """Give the same trace, played so many times as fast."""
        return replace(self, speed=self.speed * factor)

    def schedule(self, seconds: float, seed: int) -> Schedule:
        """Give what falls into the first so many seconds of it; all of it where that is less.
        seed: of no use here, since nothing is drawn."""
        times = self.whole.times / self.speed
        count = int(np.searchsorted(times, seconds, "left"))
        lasts = min(seconds, self.whole.seconds / self.speed)
        texts = self.whole.texts
        return Schedule(
            times[:count],
            self.whole.counts[:count],
            lasts,
            None if texts is None else texts[:count],
        )

    def __str__(self) -> str:
        return f"{self.path}" + ("" if self.speed == 1 else f" x {self.speed:g}")


def read_trace(path: Path) -> Trace:
    """Read a trace: a heading with `time` (also `timestamp` or `arrival`), and with `text` or
    `texts` where the text of each request, or how many it has, is known; other columns are left
    aside. A file of one column needs no heading.

    Times are seconds, or dates as ISO 8601 has them; without an offset these are UTC. EdgetextError
    with the line for what is no such row.
    """
    try:
        content = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EdgetextError(f"{path}: this is no text in UTF-8; save it as such") from error
    reader = csv.reader(io.StringIO(content), strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        rows += ((reader.line_num, row) for row in reader if any(row))
    except csv.Error as error:
        raise EdgetextError(
            f"{path}:{reader.line_num}: this line is no CSV ({error}); mend its quotes"
        ) from error
    if not rows:
        raise EdgetextError(f"{path}: there is no request in it; give a time a line")
    columns = _columns(path, *rows[0])
    if columns is None:
        columns = {"time": 0}
    else:
        rows = rows[1:]
    return Trace(path, _schedule(path, rows, columns))


def _schedule(path: Path, rows: list[tuple[int, list[str]]], columns: dict[str, int]) -> Schedule:
    times: list[float] = []
    counts: list[int] = []
    texts: list[str] = []
    dated = False
    for line, row in rows:
        if len(row) <= max(columns.values()):
            raise EdgetextError(f"{path}:{line}: a column is missing; fill it in or cut the line")
        time, is_date = _time(path, line, row[columns["time"]])
        if times and is_date != dated:
            raise EdgetextError(
                f"{path}:{line}: seconds and dates are mixed; write all times alike"
            )
        dated = is_date
        times.append(time)
        counts.append(_count(path, line, row[columns["texts"]]) if "texts" in columns else 1)
        texts.append(row[columns["text"]] if "text" in columns else "")
    if len(times) < 2 or max(times) == min(times):
        raise EdgetextError(f"{path}: a trace needs two requests at different times; add some")
    # Logs are written when requests end, so that their begins may be out of order.
    order = np.argsort(times, kind="stable")
    ascending = np.asarray(times, float)[order]
    ascending -= ascending[0]
    # As long after the last one as two are apart in the mean.
    seconds = float(ascending[-1] * len(times) / (len(times) - 1))
    return Schedule(
        ascending,
        np.asarray(counts, np.int64)[order],
        seconds,
        [texts[i] for i in order] if "text" in columns else None,
    )


def _columns(path: Path, line: int, row: list[str]) -> dict[str, int] | None:
    """Where the columns are; None where the first line is a time and no heading."""
    names = [name.strip().lower() for name in row]
    columns: dict[str, int] = {name: names.index(name) for name in OTHERS if name in names}
    for name in TIMES:
        if name in names:
            return {**columns, "time": names.index(name)}
    if len(row) == 1 and _parsed(row[0]) is not None:
        return None
    raise EdgetextError(
        f"{path}:{line}: the heading has no column `time`; name the one with the times so"
    )


def _time(path: Path, line: int, cell: str) -> tuple[float, bool]:
    """Seconds, and whether they were written as a date."""
    parsed = _parsed(cell)
    if parsed is None:
        raise EdgetextError(
            f"{path}:{line}: {cell.strip()[:40] or 'an empty cell'} is no time; write seconds "
            "(12.5) or a date (2026-01-31T12:00:00.5)"
        )
    return parsed


def _parsed(cell: str) -> tuple[float, bool] | None:
    try:
        seconds = float(cell)
        return (seconds, False) if math.isfinite(seconds) else None
    except ValueError:
        pass
    try:
        date = datetime.fromisoformat(cell.strip())
    except ValueError:
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp(), True


def _count(path: Path, line: int, cell: str) -> int:
    word = cell.strip()
    if not (word.isascii() and word.isdigit() and int(word) > 0):
        raise EdgetextError(
            f"{path}:{line}: texts is {word or 'empty'}; write how many texts, 1 or more"
        )
    return int(word)
