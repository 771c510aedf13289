"""What became of the requests of a load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

OK = 200
# Of the requests' lateness, the share that counts, and how much of it is taken as still in time.
LATE_PERCENTILE, IN_TIME = 99.0, 0.005
# Seconds of a window in which answers are counted: many answers, and many turns that the system's
# scheduler gives to others.
WINDOW = 0.05


@dataclass(frozen=True, slots=True)
class Result:
    """Requests in the order in which they were due, n of them.

    due: float64[n], seconds from the begin. late: float64[n], seconds from then until the generator
    sent the request, or began to open a connection for it. latency: float64[n], seconds from when
    it was due to the end of its response, NaN where none came. status: int64[n], of HTTP, 0 for
    none. failures: why there was none, and how often. seconds: how long the load lasted.
    """

    due: np.ndarray
    late: np.ndarray
    latency: np.ndarray
    status: np.ndarray
    seconds: float
    failures: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.due)

    @property
    def answered(self) -> np.ndarray:
        """Latencies of the requests that were answered with 200, float64[m] in seconds, from when
        each was due."""
        return np.asarray(self.latency[self.status == OK])

    def percentile(self, share: float) -> float:
        """Seconds that `share` of 100 of the answered requests took at most; NaN where none was."""
        answered = self.answered
        return float(np.percentile(answered, share)) if len(answered) else float("nan")

    def statuses(self) -> dict[str, int]:
        """How often each status came, by its number, and each failure, by its words."""
        counts = Counter(self.status[self.status > 0].tolist())
        return {**{str(status): counts[status] for status in sorted(counts)}, **self.failures}

    @property
    def errors(self) -> float:
        """The share of the requests that were not answered with 200."""
        return 1 - len(self.answered) / len(self) if len(self) else 0.0

    @property
    def lasted(self) -> float:
        """Seconds from the begin to the last response."""
        ends = (self.due + self.latency)[self.status > 0]
        return max(self.seconds, float(ends.max())) if len(ends) else self.seconds

    @property
    def throughput(self) -> float:
        """Requests a second that were answered with 200, until the last response."""
        return len(self.answered) / self.lasted

    @property
    def dispersion(self) -> float:
        """The variance of how many answers come in a window, by its mean (index of dispersion for
        counts). Of a server that is never idle this is the squared coefficient of variation of its
        service times, with all that keeps it from them for a while (W. Whitt and W. You, Using
        Robust Queueing to Expose the Impact of Dependence in Single-Server Queues, 2018); 1 of
        fewer than three windows."""
        ends = (self.due + self.latency)[self.status == OK]
        counts = np.histogram(ends, np.arange(0.0, self.seconds + WINDOW / 2, WINDOW))[0]
        if len(counts) < 3 or not counts.any():
            return 1.0
        return float(counts.var(ddof=1) / counts.mean())

    @property
    def lateness(self) -> float:
        """Seconds that 99 of 100 requests went out at most after they were due."""
        return float(np.percentile(self.late, LATE_PERCENTILE)) if len(self) else 0.0

    def in_time(self, most: float = IN_TIME) -> bool:
        """Tell whether the generator kept up, so that what was measured is the server's: 99 of 100
        requests went out within `most` seconds, and none failed for want of connections."""
        return self.lateness <= most and not self.failures.get("too many connections")
