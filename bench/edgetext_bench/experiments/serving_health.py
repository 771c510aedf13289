"""Health of a server that is asked more than it can answer: of the scenario `health` of
`serving_load`."""

from __future__ import annotations

import http.client
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import numpy as np

PATHS = ("/v2/health/live", "/v2/health/ready")
TIMEOUT = 10.0  # seconds


@dataclass(slots=True)
class Probe:
    """Asks for a server's health, by a new connection each time, as an orchestrator does.

    seconds: each answer's; answers: how many there were by status, or by what failed.
    """

    url: str
    seconds: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    def __call__(self, past: float) -> None:
        path = PATHS[len(self.seconds) % len(PATHS)]
        begin = time.perf_counter()
        try:
            client = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=TIMEOUT)
            client.request("GET", path)
            answer = str(client.getresponse().status)
            client.close()
        except (OSError, http.client.HTTPException) as error:
            answer = type(error).__name__
        self.seconds.append(time.perf_counter() - begin)
        self.answers[answer] += 1

    def line(self) -> str:
        """Say how it was."""
        times = [1e3 * float(np.percentile(self.seconds, share)) for share in (50, 99, 100)]
        counts = ", ".join(f"{answer}: {count:,}" for answer, count in self.answers.items())
        return (
            f"health: {counts}; p50 {times[0]:,.2f}, p99 {times[1]:,.2f}, at most "
            f"{times[2]:,.2f} ms"
        )
