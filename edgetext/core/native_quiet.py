"""Keeping what C++ code writes off the screen.

Apart from core.quiet, since those who only answer do not wait for `logging`.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def native_quiet() -> Iterator[None]:
    """Without what C++ code writes to stderr: notes on the processor and, for a damaged file, a
    log that our one sentence replaces."""
    try:
        stderr = sys.__stderr__.fileno() if sys.__stderr__ else 2
        saved = os.dup(stderr)
    except (OSError, ValueError):
        yield
        return
    sys.stderr.flush()
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, stderr)
    try:
        yield
    finally:
        os.dup2(saved, stderr)
        os.close(silent)
        os.close(saved)
