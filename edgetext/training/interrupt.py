"""Ctrl-C while training: held back until a step is whole."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType


@dataclass(slots=True)
class Interrupt:
    """came: whether Ctrl-C was pressed, and waits to be looked at."""

    came: bool = False


@contextlib.contextmanager
def held_back() -> Iterator[Interrupt]:
    """Note the first Ctrl-C while the block runs; the second raises KeyboardInterrupt at once.

    A step that is torn leaves weights that no uninterrupted run ever had. Outside the main thread,
    and where a program handles the signal itself, nothing is changed.
    """
    interrupt = Interrupt()

    def note(number: int, frame: FrameType | None) -> None:
        if interrupt.came:
            raise KeyboardInterrupt
        interrupt.came = True

    own = threading.current_thread() is threading.main_thread()
    if not own or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield interrupt
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)
