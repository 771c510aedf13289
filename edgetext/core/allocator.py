"""Memory that the C library's allocator holds and nothing uses."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any


def give_back() -> bool:
    """Give what is free back to the system; whether there was anything to give.

    Tensors of a step are freed into holes between what is still in use, and the next ones, of other
    lengths, do not always fit: a process that trains for long comes to hold much that it does not
    use. glibc alone can be told (malloc_trim); with other C libraries, as of macOS, of Windows and
    musl, nothing happens.
    """
    trim = _malloc_trim()
    return trim is not None and bool(trim(0))


@cache
def _malloc_trim() -> Any:
    if sys.platform != "linux":
        return None
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim.argtypes = [ctypes.c_size_t]
        trim.restype = ctypes.c_int
    return trim
