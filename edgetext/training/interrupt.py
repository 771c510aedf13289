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
def held_back(*, again: bool = True) -> Iterator[Interrupt]:
    """Note the first Ctrl-C while the block runs; the second raises KeyboardInterrupt at once.

    A step that is torn leaves weights that no uninterrupted run ever had. Outside the main thread,
    and where a program handles the signal itself, nothing is changed. again: whether a second one
    counts; of several processes each is told by the terminal and by what started them, which sends
    SIGTERM as well.
    """
    interrupt = Interrupt()

    def note(number: int, frame: FrameType | None) -> None:
        if interrupt.came and again:
            raise KeyboardInterrupt
        interrupt.came = True

    own = threading.current_thread() is threading.main_thread()
    if not own or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield interrupt
        return
    numbers = (signal.SIGINT,) if again else (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, note) for number in numbers}
    try:
        yield interrupt
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
