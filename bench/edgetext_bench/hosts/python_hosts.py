"""Hosts in Python on this machine: releases of ONNX Runtime, and of ExecuTorch.

A release that is not the installed one lies in a folder of its own, without its dependencies,
which are those of the Python that runs this.
"""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from edgetext_bench.hosts.host import HERE, PATIENCE, Ask, Host, in_process

# From the oldest that is promised to the newest: the last of each minor release between them.
# The Makefile installs these.
ONNXRUNTIMES = (
    "1.24.1", "1.24.4", "1.25.1", "1.26.0", "1.27.0", "1.28.0", "1.29.0", "1.30.0", "1.31.1",
    "1.32.0",
)  # fmt: skip
EXECUTORCHS = ("1.4.1", "1.5.1")
ONNX = (".onnx", ".ort")
# As README tells a host to make its session, and as one is made without options.
LEVELS = ("none", "default")


def python_hosts(folder: Path) -> list[Host]:
    """Every release, the newest first. folder: with the folders NAME-RELEASE of those that are not
    the installed one."""
    onnx = [_onnxruntime(release, folder) for release in reversed(ONNXRUNTIMES)]
    return onnx + [_executorch(release, folder) for release in reversed(EXECUTORCHS)]


def onnxruntime_ways(
    python: Sequence[str], environment: Mapping[str, str], patience: float = PATIENCE
) -> dict[str, Ask]:
    """A way to ask ONNX Runtime for each of LEVELS. python: the command of the Python that has
    it, the environment added."""
    command = [*python, "-P", str(HERE / "onnxruntime_worker.py")]
    return {level: in_process([*command, level], environment, patience) for level in LEVELS}


def _onnxruntime(release: str, folder: Path) -> Host:
    name = f"onnxruntime=={release}"
    environment = _environment("onnxruntime", release, folder)
    if environment is None:
        return Host(name, ONNX, missing=_how("onnxruntime", release, folder))
    ways = onnxruntime_ways([sys.executable], environment)
    return Host(name, ONNX, ways, family="onnxruntime")


def _executorch(release: str, folder: Path) -> Host:
    name = f"executorch=={release}"
    environment = _environment("executorch", release, folder)
    if environment is None:
        return Host(name, (".pte",), missing=_how("executorch", release, folder))
    way = in_process([sys.executable, "-P", str(HERE / "executorch_worker.py")], environment)
    return Host(name, (".pte",), {"": way}, family="executorch")


def _environment(package: str, release: str, folder: Path) -> dict[str, str] | None:
    """What leads Python to a release; None where it is not there."""
    own = folder / f"{package}-{release}"
    if (own / package).is_dir():
        return {"PYTHONPATH": str(own.resolve())}
    try:
        installed = importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
    return {} if installed == release else None


def _how(package: str, release: str, folder: Path) -> str:
    return (
        f"not installed: pip install --no-deps --target {folder}/{package}-{release} "
        f"{package}=={release}"
    )
