"""Lines for whoever runs a server."""

from __future__ import annotations

import sys


def note(line: str) -> None:
    """Write a line to stderr, in one piece."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
