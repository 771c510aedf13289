"""An alarm that rings in an event loop to the tenth of a millisecond.

asyncio's own timers, and those of uvloop, round to whole milliseconds, as epoll does: as long as an
answer takes. Linux's timerfd (timerfd_create(2)) is a file that becomes readable when it is time.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
from collections.abc import Callable

CLOCK_MONOTONIC, TFD_NONBLOCK, TFD_CLOEXEC, TFD_TIMER_ABSTIME = 1, 0o4000, 0o2000000, 1
NANOSECONDS = 1_000_000_000


class Time(ctypes.Structure):
    """struct timespec."""

    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class Setting(ctypes.Structure):
    """struct itimerspec; an interval of 0 rings once."""

    _fields_ = (("interval", Time), ("value", Time))


class Alarm:
    """Calls `ring` on the loop at the time that `at` was given last. OSError where the system has
    no timerfd."""

    def __init__(self, loop: asyncio.AbstractEventLoop, ring: Callable[[], None]) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._file = self._libc.timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)
        if self._file < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        self._loop = loop
        self._ring = ring
        loop.add_reader(self._file, self._readable)

    def at(self, moment: float) -> None:
        """Ring at a time of time.monotonic; at once where that is past."""
        whole, rest = divmod(max(1, int(moment * NANOSECONDS)), NANOSECONDS)
        setting = Setting(Time(0, 0), Time(whole, rest))
        if self._libc.timerfd_settime(self._file, TFD_TIMER_ABSTIME, ctypes.byref(setting), None):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

    def close(self) -> None:
        """Ring no more."""
        self._loop.remove_reader(self._file)
        os.close(self._file)

    def _readable(self) -> None:
        try:
            os.read(self._file, 8)
        except BlockingIOError:
            return
        self._ring()
