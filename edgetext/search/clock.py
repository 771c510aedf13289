"""The time that a search has, and what still fits into it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from edgetext.core.console import logger
from edgetext.search.ranking import shape
from edgetext.search.record import MEASURED, Record, Records

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Clock:
    """deadline: of time.monotonic, None for as long as it takes. epochs: of a trial; full: of the
    final training."""

    records: Records
    epochs: int
    full: int
    deadline: float | None = None

    def is_over(self) -> bool:
        """Tell whether the time is over."""
        return self.deadline is not None and time.monotonic() > self.deadline

    def only_final_fits(self) -> bool:
        """Tell whether the time that is left is what the final training needs."""
        if self.deadline is None:
            return False
        return time.monotonic() + self._pace() * self.full > self.deadline

    def epochs_that_fit(self, record: Record) -> int | None:
        """Say how long a trial may be trained in the end: None for all epochs; fewer where the time
        that is left is too short, and no fewer than a trial's."""
        pace = self._pace(shape(record)) or self._pace()
        if self.deadline is None or not pace:
            return None
        fit = int((self.deadline - time.monotonic()) / pace)
        if fit >= self.full:
            return None
        epochs = max(self.epochs, fit)
        _log.info(f"{epochs} of {self.full} epochs fit into the time that is left")
        return epochs

    def _pace(self, of: str | None = None) -> float:
        """Seconds an epoch, exporting and measuring included, of the slowest trial so far, among
        all or those of one shape."""
        paces = [
            # Whatever a trial is, it takes the time of as many epochs of a student.
            r.seconds / self.epochs
            for r in self.records.of(MEASURED)
            if r.epochs and of in (None, shape(r))
        ]
        return max(paces, default=0.0)
