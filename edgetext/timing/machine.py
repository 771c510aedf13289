"""The machine that measures and the versions of what it runs, as they describe themselves."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

# Those that change how fast a small network runs; x86 and arm64 names.
FLAGS = (
    *("sse4_2", "avx", "f16c", "fma", "avx2", "avx_vnni", "avx512f", "avx512bw", "avx512_vnni"),
    *("avx512_bf16", "amx_int8", "amx_tile"),
    *("neon", "asimd", "asimdhp", "asimddp", "i8mm", "bf16", "sve", "sve2", "sme"),
)
PACKAGES = ("edgetext", "torch", "onnxruntime", "executorch", "tokenizers", "numpy")


def describe(cpuinfo: Path = Path("/proc/cpuinfo")) -> dict[str, Any]:
    """{"id", "system", "cpu", "architecture", "cores", "flags", "memory_bytes"}; `id` stands for
    the rest: figures of two machines do not compare."""
    fields = _cpuinfo(cpuinfo)
    present = set(fields.get("flags", fields.get("Features", "")).split())
    machine: dict[str, Any] = {
        "system": f"{platform.system()} {platform.release()}",
        "cpu": fields.get("model name") or platform.processor() or platform.machine(),
        "architecture": platform.machine(),
        "cores": len(cores()),
        "flags": [flag for flag in FLAGS if flag in present],
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
    }
    known = json.dumps([machine[key] for key in ("cpu", "architecture", "cores", "flags")])
    return {"id": hashlib.sha256(known.encode()).hexdigest()[:12], **machine}


def versions() -> dict[str, str]:
    """Python's version and that of each of PACKAGES that is installed."""
    by_name = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            by_name[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return by_name


def cores() -> list[int]:
    """The cores that this process may use, the ones to measure on first: the highest numbers,
    since the lowest serve most of a system's interrupts."""
    if sys.platform == "linux":
        return sorted(os.sched_getaffinity(0), reverse=True)
    return list(range(os.cpu_count() or 1))


def pin(chosen: list[int]) -> None:
    """Keep this process, and the threads it will start, on these cores where a system can."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, chosen)


def _cpuinfo(path: Path) -> dict[str, str]:
    """The first processor's fields."""
    try:
        text = path.read_text("utf-8", "replace")
    except OSError:
        return {}
    pairs = (line.partition(":") for line in text.split("\n\n")[0].splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}
