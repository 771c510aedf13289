"""The load that a setting must bear."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from edgetext.core.files import sha256
from edgetext.loadtest.arrivals import Arrivals, Schedule
from edgetext.loadtest.questions import Text
from edgetext.loadtest.trace import Trace


@dataclass(frozen=True, slots=True)
class Load:
    """Requests as they come for so many seconds; texts: what they ask in turns."""

    arrivals: Arrivals
    texts: Sequence[Text]
    seconds: float
    seed: int = 0

    @property
    def rate(self) -> float:
        """Requests a second, in the mean."""
        return self.arrivals.rate

    def at(self, rate: float, seconds: float) -> Load:
        """Give the same load at another rate."""
        scaled = self.arrivals.scaled(rate / self.arrivals.rate)
        return replace(self, arrivals=scaled, seconds=seconds)

    def schedule(self) -> Schedule:
        """Draw its requests."""
        return self.arrivals.schedule(self.seconds, self.seed)

    def identity(self) -> dict[str, Any]:
        """What tells it from others, as JSON values: its texts and its trace by a hash."""
        asked = json.dumps(list(map(list, self.texts))).encode("utf-8", "surrogatepass")
        fields = {
            "arrivals": str(self.arrivals),
            "seconds": self.seconds,
            "seed": self.seed,
            "texts": hashlib.sha256(asked).hexdigest()[:16],
        }
        if isinstance(self.arrivals, Trace):
            content = sha256(self.arrivals.path)[:16]
            fields["arrivals"] = f"trace {content} x {self.arrivals.speed:g}"
        return fields
