"""The estimates in the report, each named as one."""

from __future__ import annotations

from collections.abc import Sequence

from edgetext_bench.devices import PREFIX, SHARES
from edgetext_bench.rows import Row, cell_of

NOTE = (
    "Estimates, not measurements: the roofline of the matrix products plus the other instructions "
    f"that an emulated processor counted, at {SHARES[1]:g} to {SHARES[0]:g} of the core's decode "
    "width. Too high where it could be checked: on a server core, three files that these shares "
    "were not found on took 0.56 to 0.67 times the middle of their estimates, below the ranges; "
    "with the bandwidth then raised from a memory's to a cache's, 0.80 to 0.90 times, within them "
    "(python -m edgetext_bench.experiments.held_out). Phones are estimated with weights read from "
    "memory. See bench/devices.py for the model and the source of each figure."
)


def table(rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Headings and rows: a file in a runtime a line, a core a column; ([], []) without any."""
    by_title: dict[str, dict[str, str]] = {}
    cores: list[str] = []
    for row in rows:
        if not row.get("estimate"):
            continue
        cell, figures = cell_of(row), row["measured"]
        core = f"{cell.target.removeprefix(PREFIX)}, estimate µs"
        if core not in cores:
            cores.append(core)
        title = f"{cell.contender} · {cell.runtime}"
        low, high = figures["low_us"], figures["high_us"]
        by_title.setdefault(title, {})[core] = f"{low:,.0f}–{high:,.0f}"
    body = [[title, *(line.get(core, "") for core in cores)] for title, line in by_title.items()]
    return (["contender", *cores], body) if body else ([], [])


def sources(rows: Sequence[Row]) -> list[str]:
    """By core: what it is and where its figures are from."""
    named = [
        f"{row['machine']['cpu']}: {'; '.join(row['machine']['sources'])}"
        for row in rows
        if row.get("estimate")
    ]
    return list(dict.fromkeys(named))
