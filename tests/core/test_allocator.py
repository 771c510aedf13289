"""Memory that is free goes back to the system."""

import ctypes
import platform
import subprocess
import sys

import pytest

from edgetext.core import allocator
from edgetext.core.allocator import give_back, keep_large_apart

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

# A large block that is freed raises glibc's own limit, so that the next one stands in the heap.
LARGE = """
import ctypes, sys
from edgetext.core.allocator import keep_large_apart

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]
size = 8 * 2**20
told = keep_large_apart(sys.argv[1] == "apart")
libc.free(libc.malloc(size))
block, behind = libc.malloc(size), libc.malloc(size // 128)
ctypes.memset(block, 1, size)
held = resident()
libc.free(block)
print(told, held - resident() > size / 2)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is glibc that can be told")
def test_what_is_free_between_what_is_used_is_given_back():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert done.stdout.split() == ["True", "True", "True"], done.stderr


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is glibc that can be told")
@pytest.mark.parametrize(("way", "said"), [("apart", "True True"), ("as it is", "True False")])
def test_a_large_tensor_goes_back_when_it_is_freed(way, said):
    done = subprocess.run([sys.executable, "-c", LARGE, way], capture_output=True, text=True)
    assert done.stdout.strip() == said, done.stderr


@pytest.mark.parametrize("system", ["darwin", "win32", "linux"])
def test_where_nobody_can_be_told_nothing_happens(monkeypatch, system):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())  # as musl's, without the function
    allocator._function.cache_clear()
    try:
        assert give_back() is False and keep_large_apart(True) is False
    finally:
        allocator._function.cache_clear()
