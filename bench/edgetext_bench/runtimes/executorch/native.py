"""Host `executorch-cpp`: the C++ runtime that ExecuTorch's wheel carries since 1.5, without Python
and PyTorch.

The wheel has headers in include/ and shared libraries in lib/; worker.cpp is built against them
when it is first asked, into the folder of that release.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.core.files import atomic_path, sha256
from edgetext.model.contract import Metadata
from edgetext_bench.hosts.asking import Reply
from edgetext_bench.hosts.host import Host, in_process
from edgetext_bench.runtimes.runtime import suffixes_of

RELEASE = "1.5.1"
SOURCE = Path(__file__).resolve().with_name("worker.cpp")
TARGET = "executorch"
# The runtime, kernels and what runs the delegated parts; all but the first register themselves, so
# that nothing refers to them.
LIBRARIES = (
    "executorch", "executorch_kernels_optimized", "executorch_kernels_quantized",
    "executorch_backend_xnnpack", "executorch_threadpool",
)  # fmt: skip
# As the libraries were compiled, which decides how large the headers' classes are.
DEFINITIONS = ("C10_USING_CUSTOM_GENERATED_MACROS", "ET_EVENT_TRACER_ENABLED", "ET_USE_THREADPOOL")
PATIENCE = 300.0  # seconds that a compiler may take


def native_hosts(folder: Path) -> list[Host]:
    """Give the one host; folder: with executorch-RELEASE, where the wheel is unpacked."""
    installed = folder / f"{TARGET}-{RELEASE}"
    name = f"{TARGET}-cpp=={RELEASE}"
    ways = {"": partial(_ask, installed)}
    return [Host(name, suffixes_of(TARGET), ways, missing=_missing(installed))]


def _missing(installed: Path) -> str:
    if not (installed / TARGET / "lib" / f"lib{LIBRARIES[0]}.so").is_file():
        return (
            f"not installed: pip install --no-deps --target {installed} {TARGET}=={RELEASE} (its "
            "wheel has the C++ runtime)"
        )
    return "" if _compiler() else "no C++ compiler: install g++"


def _compiler() -> str | None:
    return shutil.which("g++") or shutil.which("c++")


def _ask(
    installed: Path, model: Path, metadata: Metadata, texts: Sequence[Sequence[bytes]]
) -> list[Reply]:
    return in_process([str(built(installed))])(model, metadata, texts)


def built(installed: Path) -> Path:
    """Give the worker, which is built where it is not there yet; EdgetextError with what the
    compiler said where it cannot be."""
    package = installed / TARGET
    # By its source, so that a changed one is built anew.
    worker = installed / f"edgetext-worker-{sha256(SOURCE)[:12]}"
    if worker.exists():
        return worker
    include, library = package / "include", package / "lib"
    with atomic_path(worker) as temporary:
        command = [
            str(_compiler()), "-std=c++17", "-O1", "-w", *(f"-D{name}" for name in DEFINITIONS),
            f"-I{include}", f"-I{include / 'executorch/runtime/core/portable_type/c10'}",
            str(SOURCE), "-o", str(temporary), f"-L{library}", f"-Wl,-rpath,{library.resolve()}",
            "-Wl,--no-as-needed", *(f"-l{name}" for name in LIBRARIES),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        if done.returncode:
            said = " ".join(done.stderr.split())[-300:]
            raise EdgetextError(f"{SOURCE.name}: {Path(command[0]).name} cannot build it: {said}")
    return worker
