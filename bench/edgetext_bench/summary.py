"""The results as one table in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from edgetext.core.tables import aligned
from edgetext.tasks.metrics import in_points
from edgetext_bench.rows import AS_IS, Row, cell_of


@dataclass(slots=True)
class Subject:
    """All rows of one contender in one runtime on one target."""

    target: str
    name: str
    runtime: str
    file: dict[str, Any]
    machine: dict[str, Any]
    rows: list[Row] = field(default_factory=list)

    @property
    def title(self) -> str:
        return f"{self.name} · {self.runtime}"

    @property
    def measured(self) -> bool:
        """Whether any cell came to an end."""
        return any(row["status"] == "ok" for row in self.rows)

    def one(
        self, kind: str, threads: int = 1, batch: int = 1, length: int | str = AS_IS
    ) -> dict[str, Any]:
        """The figures of a cell; {} where it is not there or did not come to an end."""
        for row in self.rows:
            cell = cell_of(row)
            if (cell.kind, cell.threads, cell.batch, cell.length) == (kind, threads, batch, length):
                found: dict[str, Any] = row["measured"]
                return found
        return {}

    def note(self, kind: str) -> str:
        """The note of the first cell of a kind; "" where there is none."""
        return next((row["note"] for row in self.rows if cell_of(row).kind == kind), "")

    def latencies(self) -> Iterable[tuple[int, int, int | str, dict[str, Any]]]:
        """(threads, batch, length, figures) of each."""
        for row in self.rows:
            cell = cell_of(row)
            if cell.kind == "latency" and row["status"] == "ok":
                yield cell.threads, cell.batch, cell.length, row["measured"]


def subjects(rows: Sequence[Row]) -> list[Subject]:
    """The rows by contender, in the order in which they came."""
    by_key: dict[tuple[str, ...], Subject] = {}
    for row in rows:
        if row.get("estimate"):
            continue
        cell = cell_of(row)
        origin = (str(row["file"].get("sha256")), str(row["machine"].get("id")))
        key = (cell.target, cell.contender, cell.runtime, *origin)
        if key not in by_key:
            by_key[key] = Subject(
                cell.target, cell.contender, cell.runtime, row["file"], row["machine"]
            )
        by_key[key].rows.append(row)
    return list(by_key.values())


# Before and after the metrics.
TIMES = (
    *("p50 µs", "95 %", "p99 µs", "network µs", "texts/s", "load ms", "first ms", "model MB"),
    *("file kB", "M instructions"),
)


def metrics(able: Sequence[Subject]) -> list[str]:
    """The metrics of the subjects' tasks, each once, those of the first subject that has any
    first."""
    held = (name for one in able for name in one.one("quality").get("metrics", {}))
    return list(dict.fromkeys(held)) or ["accuracy"]


def named(metric: str) -> str:
    """A metric in words."""
    return metric.replace("_", " ").replace(" f1", " F1")


def headings(names: Sequence[str]) -> list[str]:
    """names: the metrics, of which the first is shown for disturbed texts too."""
    first, *others = map(named, names)
    return ["contender", first, "with typos", *others, *TIMES]


def line(subject: Subject, names: Sequence[str]) -> list[str]:
    """The cells under `headings`; an empty one was not measured."""
    quality = subject.one("quality").get("metrics", {})
    typos = subject.one("noise").get("metrics", {}).get("typos", {})
    first, *others = names
    # A phone times the golden examples and not the test texts.
    latency = subject.one("latency") or subject.one("latency", length="golden")
    start = subject.one("start")
    interval = latency.get("p50_interval")
    counted = subject.one("instructions").get("instructions")
    rate = [x["texts_per_second"] for _, _, _, x in subject.latencies() if "texts_per_second" in x]
    return [
        subject.title + ("" if subject.target == "server" else f" · {subject.target}"),
        _points(first, quality.get(first)),
        _points(first, typos.get(first)),
        *(_points(name, quality.get(name)) for name in others),
        _number(latency.get("p50_us")),
        f"{interval[0]:,.0f}–{interval[1]:,.0f}" if interval else "",
        _number(latency.get("p99_us")),
        _number(subject.one("network").get("p50_us")),
        _number(max(rate) if rate else None),
        _number(start.get("load_ms"), 1),
        _number(start.get("first_ms"), 1),
        _number(start["model_bytes"] / 1e6, 1) if "model_bytes" in start else "",
        _number(subject.file["bytes"] / 1e3) if subject.file.get("bytes") else "",
        _number(counted / 1e6, 2) if counted else "",
    ]


def table(rows: Sequence[Row]) -> str:
    """Every contender, one a line; in the last column how many times as fast as the first it is."""
    able = [subject for subject in subjects(rows) if subject.measured]
    names = metrics(able)
    first = able[0].one("latency").get("p50_us") if able else None
    body = []
    for subject in able:
        own = subject.one("latency").get("p50_us")
        body.append([*line(subject, names), f"{first / own:.2f}" if first and own else ""])
    return aligned([*headings(names), "first ÷ time"], body)


def _points(metric: str, value: float | None) -> str:
    return "" if value is None else f"{in_points(metric, value):.2f}"


def _number(value: float | None, digits: int = 0) -> str:
    return "" if value is None else f"{value:,.{digits}f}"
