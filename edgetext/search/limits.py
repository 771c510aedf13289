"""What a model may cost, and by how much one costs more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from edgetext.core.errors import EdgetextError

_SIZES = {"": 1, "b": 1, "kb": 1000, "mb": 1000**2, "kib": 1024, "mib": 1024**2}
_TIMES = {"": 1.0, "ms": 1.0, "us": 1e-3, "µs": 1e-3, "μs": 1e-3, "s": 1e3}
_QUANTITY = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*([a-zµμ]*)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a model costs: bytes of its largest file, milliseconds of its slowest runtime, and the
    points (of 100) that its worst metric lies below the teacher's."""

    size: int
    latency: float
    drop: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What it may cost, in the units of Cost; None is no limit."""

    size: int | None = None
    latency: float | None = None
    drop: float | None = None

    def excess(self, cost: Cost) -> dict[str, float]:
        """What is beyond its limit, by name: 0.1 is a tenth more than allowed, and for a drop a
        tenth of a point."""
        shares = {}
        if self.size is not None and cost.size > self.size:
            shares["size"] = cost.size / self.size - 1
        if self.latency is not None and cost.latency > self.latency:
            shares["latency"] = cost.latency / self.latency - 1
        if self.drop is not None and cost.drop > self.drop:
            shares["drop"] = cost.drop - self.drop
        return shares

    def in_words(self, cost: Cost) -> list[str]:
        """A sentence for each limit that is passed."""
        over = self.excess(cost)
        said = []
        if "size" in over:
            said.append(
                f"--max-size {self.size:,} bytes: the file has {cost.size:,}, "
                f"{100 * over['size']:.1f} % more"
            )
        if "latency" in over:
            said.append(
                f"--max-latency {self.latency:g} ms: it takes {cost.latency:.3f} ms, "
                f"{100 * over['latency']:.1f} % more"
            )
        if "drop" in over:
            said.append(
                f"--max-drop {self.drop:g} points: it loses {cost.drop:.2f}, "
                f"{over['drop']:.2f} more"
            )
        return said

    def as_json(self) -> dict[str, float | None]:
        return {"size": self.size, "latency": self.latency, "drop": self.drop}


def bytes_of(text: str) -> int:
    """ "400kB", "1.5MB", "300KiB" or "400000" in bytes; EdgetextError for anything else."""
    return round(_quantity(text, _SIZES, "--max-size", "400kB"))


def milliseconds_of(text: str) -> float:
    """ "0.3ms", "300us" or "0.3" in milliseconds; EdgetextError for anything else."""
    return _quantity(text, _TIMES, "--max-latency", "0.3ms")


def _quantity(text: str, units: Mapping[str, float], option: str, example: str) -> float:
    match = _QUANTITY.fullmatch(text)
    unit = match.group(2).lower() if match else ""
    if match is None or unit not in units or not float(match.group(1)):
        known = ", ".join(name for name in units if name)
        raise EdgetextError(
            f"{option} {text}: give a number above 0 and its unit ({known}), as in {example}"
        )
    return float(match.group(1)) * units[unit]
