"""Arithmetic of whole numbers that Python has no function for."""

from __future__ import annotations


def ceil_div(count: int, size: int) -> int:
    """Say how many parts of a size hold a count of things, the last part perhaps not full."""
    return (count + size - 1) // size
