"""Stand-ins for the CUDA libraries that the aarch64 build of PyTorch is linked with.

    python bench/edgetext_bench/arm64/stand_ins.py ROOT

ExecuTorch's Python package for aarch64 needs PyTorch, and the one build for it there is for CUDA:
`libtorch_cuda.so` (430 MB, removed) and NVIDIA's libraries, 2 GB, which an emulated phone has no
use for. One library of a few kB takes the names of all that is missing and defines every symbol
that the rest wants: a C function answers 100 (`cudaErrorNoDevice`), so PyTorch finds no GPU and
calls no other; a C++ function answers the address of zeros and a constructor sets an empty table of
virtual functions, since a few run while modules are set up; a type has its name alone.

Needs `nm` and `readelf` (any binutils) and `aarch64-linux-gnu-gcc`.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

NAME = "stand-in.so"
# Of the wheel itself: what computes on a GPU.
UNUSED = ("libtorch_cuda.so", "libtorch_cuda_linalg.so", "libtorch_nvshmem.so")
SYSTEM = ("usr/lib/aarch64-linux-gnu", "lib/aarch64-linux-gnu")
COMPILER = "aarch64-linux-gnu-gcc"
# Resolved by the linker itself, or optional.
IGNORED = re.compile(r"_ITM_|__gmon_start__$")

HEAD = """\
    .bss
    .balign 4096
zeros: .zero 4096
    .data
    .balign 8
table: .xword 0, 0
    .rept 64
    .xword nothing
    .endr
    .text
nothing: ret
"""
C_FUNCTION = "mov w0, #100\n    ret"
CPP_FUNCTION = "adrp x0, zeros\n    add x0, x0, :lo12:zeros\n    ret"
CONSTRUCTOR = """\
adrp x1, table
    add x1, x1, :lo12:table
    add x1, x1, 16
    str x1, [x0]
    ret"""


def write(root: Path) -> list[str]:
    """Put the stand-in into `root`/opt/site/torch/lib; the names that it took."""
    folder = root / "opt/site/torch/lib"
    for path in folder.iterdir():
        if path.name in (*UNUSED, NAME) or path.is_symlink():
            path.unlink()
    libraries = sorted(folder.glob("*.so*"))
    system = {p.name: p for place in SYSTEM for p in (root / place).iterdir()}
    needed = {name for path in libraries for name in _needed(path)}
    there = [*libraries, *(system[name] for name in sorted(needed & set(system)))]
    defined = _symbols([*there, root / "usr/bin/python3.11"], "--defined-only")
    wanted = _symbols(libraries, "--undefined-only") - defined
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch, "stand_in.s")
        source.write_text(_assembly(x for x in sorted(wanted) if not IGNORED.match(x)), "ascii")
        standard = system["libstdc++.so.6"]
        subprocess.run(
            [COMPILER, "-shared", "-nostdlib", "-o", folder / NAME, source, standard], check=True
        )
    missing = sorted(needed - set(system) - {path.name for path in libraries})
    for name in missing:
        (folder / name).symlink_to(NAME)
    return missing


def _assembly(symbols: Iterable[str]) -> str:
    return HEAD + "".join(_type(x) if x.startswith("_ZTI") else _function(x) for x in symbols)


def _function(symbol: str) -> str:
    body = C_FUNCTION
    if symbol.startswith("_Z"):
        body = CONSTRUCTOR if re.search("C[12]E", symbol) else CPP_FUNCTION
    return f"    .globl {symbol}\n    .type {symbol}, %function\n{symbol}:\n    {body}\n"


def _type(symbol: str) -> str:
    """std::type_info: its table of virtual functions and its name."""
    return (
        f"    .data\n    .balign 8\n    .globl {symbol}\n    .type {symbol}, %object\n"
        f"    .size {symbol}, 16\n"
        f"{symbol}: .xword _ZTVN10__cxxabiv117__class_type_infoE + 16, 1f\n"
        f'1:  .asciz "{symbol.removeprefix("_ZTI")}"\n    .text\n'
    )


def _needed(path: Path) -> list[str]:
    return re.findall(r"\(NEEDED\).*\[(.*)\]", _output("readelf", "-d", path))


def _symbols(paths: Iterable[Path], which: str) -> set[str]:
    lines = [line for path in paths for line in _output("nm", "-D", which, path).splitlines()]
    return {line.split()[-1].partition("@")[0] for line in lines if line.strip()}


def _output(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.stdout.write(f"stands in for {', '.join(write(Path(sys.argv[1])))}\n")
