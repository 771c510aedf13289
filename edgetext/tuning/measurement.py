"""What a setting did under a load, and the file in which that is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from edgetext.core.json_rows import append_row, read_rows
from edgetext.loadtest.result import OK, Result

# The latencies that are kept: the middles of so many shares alike.
KEPT = 200


@dataclass(frozen=True, slots=True)
class Measurement:
    """Times are in seconds, from when a request was due; those of the answered requests.

    rate: requests a second that were offered; throughput: that were answered. errors: the share
    that was not; statuses: how many by HTTP status or failure. processor: of the server a request;
    busy: the share of a core that each of its processes had. peak: bytes of memory. lateness: of 99
    of 100 requests at most, in_time: whether that is little enough for the rest to be the server's.
    gap_scv: of the arrivals, see Schedule; dispersion: of the answers, see Result. quantiles: KEPT
    of them.
    """

    requests: int
    rate: float
    throughput: float
    mean: float
    p50: float
    p99: float
    errors: float
    statuses: Mapping[str, int]
    processor: float
    busy: float
    peak: int
    lateness: float
    in_time: bool
    gap_scv: float = 1.0
    dispersion: float = 1.0
    quantiles: Sequence[float] = field(default_factory=tuple)

    def meets(self, p99: float, errors: float) -> bool:
        """Tell whether it was in time, with no more errors, and validly measured."""
        return self.in_time and self.p99 <= p99 and self.errors <= errors


def measured(
    result: Result,
    spent: float,
    peak: int,
    processes: int,
    most_late: float,
    gap_scv: float = 1.0,
) -> Measurement:
    """Sum up a load.

    spent: seconds of the server's processor time; peak: bytes of its memory. most_late: seconds
    that 99 of 100 requests may go out late at most. A load without an answer has times of infinity.
    """
    answered = result.answered
    shares = np.array([50.0, 99.0, *(np.arange(KEPT) + 0.5) / KEPT * 100])
    times = np.percentile(answered, shares) if len(answered) else np.full(len(shares), np.inf)
    return Measurement(
        requests=len(result),
        rate=len(result) / result.seconds,
        throughput=result.throughput,
        mean=float(answered.mean()) if len(answered) else np.inf,
        p50=float(times[0]),
        p99=float(times[1]),
        errors=result.errors,
        statuses=result.statuses(),
        processor=spent / max(1, int((result.status == OK).sum())),
        busy=spent / result.lasted / processes,
        peak=peak,
        lateness=result.lateness,
        in_time=result.in_time(most_late),
        gap_scv=gap_scv,
        dispersion=result.dispersion,
        quantiles=times[2:].tolist(),
    )


class Measurements:
    """A file of measurements that grows, each by what it is of; each is on the disk when `add`
    returns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._rows: list[tuple[dict[str, Any], Measurement]] = []
        if path.exists():
            self._rows = read_rows(path, _row, "measurement of `edgetext tune`")

    def find(self, identity: Mapping[str, Any]) -> Measurement | None:
        """Give what was measured of it last; None where nothing was."""
        return next((row for known, row in reversed(self._rows) if known == identity), None)

    def add(self, identity: Mapping[str, Any], measurement: Measurement) -> None:
        """Keep a measurement; identity: JSON values that tell what it is of."""
        self._rows.append((dict(identity), measurement))
        row = {"of": identity, "measured": asdict(measurement)}
        append_row(self.path, row, "the measurements")


def _row(fields: Any) -> tuple[dict[str, Any], Measurement]:
    return dict(fields["of"]), Measurement(**fields["measured"])
