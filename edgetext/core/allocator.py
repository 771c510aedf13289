"""Memory that the C library's allocator holds and nothing uses."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any

# Of mallopt in glibc: how much is free at the heap's end before it goes back, and the bytes from
# which memory has pages of its own; both as glibc raises them at most, and as large tensors have.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_MOST_FREE, _MOST, _LARGE = 64 * 2**20, 32 * 2**20, 4 * 2**20


def keep_large_apart(apart: bool) -> bool:
    """Let large memory have pages of its own from now on, which go back to the system when it is
    freed, or let it stand among other memory again; whether the C library can be told.

    glibc begins so, but raises its limit with each that is freed, and then takes large tensors from
    among the small ones, between which they leave holes. New pages cost time, so it is for a while.
    """
    mallopt = _function("mallopt")
    if mallopt is None:
        return False
    mallopt(_M_TRIM_THRESHOLD, _MOST_FREE)
    return bool(mallopt(_M_MMAP_THRESHOLD, _LARGE if apart else _MOST))


def give_back() -> bool:
    """Give what is free back to the system; whether there was anything to give.

    Tensors of a step are freed into holes between what is still in use, and the next ones, of other
    lengths, do not always fit: a process that trains for long comes to hold much that it does not
    use. glibc alone can be told (malloc_trim); with other C libraries, as of macOS, of Windows and
    musl, nothing happens.
    """
    trim = _function("malloc_trim")
    return trim is not None and bool(trim(0))


@cache
def _function(name: str) -> Any:
    """One of glibc's functions of whole numbers; None where the C library has none of that name."""
    if sys.platform != "linux":
        return None
    function = getattr(ctypes.CDLL(None), name, None)
    if function is not None:
        function.argtypes = [ctypes.c_size_t] if name == "malloc_trim" else [ctypes.c_int] * 2
        function.restype = ctypes.c_int
    return function
