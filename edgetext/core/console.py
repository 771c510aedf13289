"""What is said while work goes on: log lines and bars of progress on stderr, shown when asked for.

A module speaks through `logger(__name__)`. The command line shows its lines and bars (`shown`). A
program that imports edgetext sees nothing until it configures `logging`, or asks for bars with
`progress(True)`.
"""

from __future__ import annotations

import contextlib
import functools
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edgetext.core.errors import EdgetextError
from edgetext.core.processes import place

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, ProgressColumn

_PACKAGE = logging.getLogger("edgetext")
# Python itself would print warnings to stderr where no handler is configured at all.
_PACKAGE.addHandler(logging.NullHandler())


@dataclass(slots=True)
class _Screen:
    """bars: whether bars of progress are drawn. lead: what each line begins with."""

    bars: bool = False
    lead: str = ""


_screen = _Screen()


def logger(name: str) -> logging.Logger:
    """Return the logger of a module, by its `__name__`; it stays silent until somebody listens."""
    return logging.getLogger(name)


@functools.cache
def console() -> Console:
    """Return the one console, on stderr, through which lines and bars go to the screen.

    `console().quiet = True` silences the command line too.
    """
    from rich.console import Console

    return Console(stderr=True)


def progress(shown: bool = True) -> None:
    """Draw bars of progress on stderr from now on, where that is a terminal; or no longer.

    >>> edgetext.progress(True)
    """
    _screen.bars = shown


def bar(*columns: str | ProgressColumn) -> Progress:
    """Make a bar of progress that goes away when it ends; an invisible one where none is asked for.

    columns: by default those of rich.
    """
    from rich.progress import Progress

    # Where nobody watches, even an empty bar would leave a line.
    return Progress(*columns, console=console(), transient=True, disable=not draws())


def draws() -> bool:
    """Tell whether bars of progress are drawn: they are asked for, and somebody watches."""
    return _screen.bars and console().is_terminal


@contextlib.contextmanager
def shown() -> Iterator[None]:
    """Show log lines from INFO on, and bars, while the block runs, as the command line does.

    Each is shown once: some libraries, as absl, give the root logger a handler of its own when they
    first have something to say, which would print ours again.
    """
    speaks = _speaks()
    handler = _ToConsole(logging.INFO if speaks else logging.ERROR)
    level, bars, propagate = _PACKAGE.level, _screen.bars, _PACKAGE.propagate
    _PACKAGE.addHandler(handler)
    _PACKAGE.setLevel(logging.INFO)
    _PACKAGE.propagate = False
    progress(speaks)
    try:
        yield
    finally:
        progress(bars)
        _PACKAGE.propagate = propagate
        _PACKAGE.setLevel(level)
        _PACKAGE.removeHandler(handler)


@contextlib.contextmanager
def led_by(lead: str) -> Iterator[None]:
    """Begin each line with `lead` while the block runs, as where several processes speak."""
    before, _screen.lead = _screen.lead, lead
    try:
        yield
    finally:
        _screen.lead = before


def _speaks() -> bool:
    """Whether this process speaks: of several the first does for all. An environment that does not
    say which it is concerns only what runs in several, which refuses it."""
    try:
        return place().is_first
    except EdgetextError:
        return True


class _ToConsole(logging.Handler):
    """Prints each line as it is, and "warning: " before those of that level."""

    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage()
        if record.levelno >= logging.WARNING:
            line = f"warning: {line}"
        line = _screen.lead + line
        # Texts and file names are in these lines, so nothing in them is markup.
        console().print(line, markup=False, emoji=False, highlight=False, soft_wrap=True)
