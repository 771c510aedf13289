"""Keeping libraries' notes off the screen, so that a user reads only what concerns the model."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import sys
import warnings
from collections.abc import Iterator


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without Python's prints, warnings and log lines; errors still raise."""
    before = logging.root.manager.disable
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        logging.disable(logging.ERROR)
        try:
            yield
        finally:
            logging.disable(before)


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
