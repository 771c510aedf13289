"""Lines for whoever runs a server."""

from __future__ import annotations

import sys
from contextlib import suppress


def note(line: str) -> None:
    """Write a line to stderr, in one piece; where that is a file on a full disk, or nobody reads it
    any more, the server goes on without."""
    with suppress(OSError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
