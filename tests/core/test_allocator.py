"""Memory that is free goes back to the system."""

import ctypes
import platform
import subprocess
import sys

import pytest

from edgetext.core import allocator
from edgetext.core.allocator import give_back

# Blocks that glibc takes from its heap, each followed by one that stays, so that nothing is free at
# the heap's end.
PROGRAM = """
import ctypes
from edgetext.core.allocator import give_back

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]
size, count = 64 * 1024, 1000
blocks = [libc.malloc(size if i % 2 == 0 else size // 8) for i in range(2 * count)]
for block in blocks[::2]:
    ctypes.memset(block, 1, size)
held = resident()
for block in blocks[::2]:
    libc.free(block)
freed = resident()
print(give_back(), held - freed < size * count / 2, freed - resident() > size * count / 2)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is glibc that can be told")
def test_what_is_free_between_what_is_used_is_given_back():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert done.stdout.split() == ["True", "True", "True"], done.stderr


@pytest.mark.parametrize("system", ["darwin", "win32", "linux"])
def test_where_nobody_can_be_told_nothing_happens(monkeypatch, system):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())  # as musl's, without the function
    allocator._malloc_trim.cache_clear()
    try:
        assert give_back() is False
    finally:
        allocator._malloc_trim.cache_clear()
