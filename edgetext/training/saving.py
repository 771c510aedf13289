"""When the state of a run is written while it goes on, and when it ends before its time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from edgetext.training.interrupt import Interrupt
from edgetext.training.state import StateFile


@dataclass(slots=True)
class Saving:
    """Writes the state of a run, and ends it where Ctrl-C came.

    write: writes it. minutes: how often. advance: called after each step. saved: when it was
    written, in seconds. In a run of several processes all of them do the same at the same step.
    """

    state: StateFile
    write: Callable[[], None]
    minutes: float
    interrupt: Interrupt
    advance: Callable[[], None]
    saved: float = field(default_factory=time.monotonic)

    def after_step(self) -> None:
        """Write the state where it is old, or Ctrl-C came, which raises KeyboardInterrupt."""
        self.advance()
        minutes = (time.monotonic() - self.saved) / 60
        came, is_old = self.state.team.any_of([self.interrupt.came, minutes >= self.minutes])
        if came or is_old:
            self.save()
        if came:
            raise KeyboardInterrupt

    def save(self) -> None:
        """Write the state as it is now."""
        self.write()
        self.saved = time.monotonic()

    def raise_interrupt(self) -> None:
        """KeyboardInterrupt where Ctrl-C came, in this process or another."""
        (came,) = self.state.team.any_of([self.interrupt.came])
        if came:
            raise KeyboardInterrupt
