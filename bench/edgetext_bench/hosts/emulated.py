"""Hosts on emulated arm64 processors: the aarch64 wheels in the root that bench/arm64/setup made.

Emulation is slow, and its times mean nothing; answers are those of the wheel's arm64 kernels.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from edgetext.model.contract import Metadata
from edgetext_bench.arm64.target import PROCESSORS, NotReady, find_root, write_cpuinfo
from edgetext_bench.hosts.asking import Reply
from edgetext_bench.hosts.host import HERE, Ask, Host, in_process
from edgetext_bench.hosts.python_hosts import ONNX, onnxruntime_ways

PATIENCE = 300.0  # seconds; PyTorch alone takes 20 to import
PACKAGES = {"onnxruntime": ONNX, "executorch": (".pte",)}


def emulated_hosts() -> list[Host]:
    """ONNX Runtime and ExecuTorch on each of the processors."""
    try:
        root = find_root()
    except NotReady as error:
        return [Host(f"{name}@arm64", ends, missing=str(error)) for name, ends in PACKAGES.items()]
    return [_host(package, processor, root) for package in PACKAGES for processor in PROCESSORS]


def _host(package: str, processor: str, root: Path) -> Host:
    site = root / "opt/site"
    (release,) = (path.stem.split("-")[1] for path in site.glob(f"{package}-*.dist-info"))
    name = f"{package}=={release}@arm64/{processor.partition(',')[0]}"
    python = ["qemu-aarch64", "-cpu", processor, "-L", str(root), str(root / "usr/bin/python3.11")]
    environment = {"PYTHONPATH": str(site), "PYTHONHOME": str(root / "usr")}
    if package == "onnxruntime":
        ways = onnxruntime_ways(python, environment, PATIENCE)
    else:
        command = [*python, "-P", str(HERE / "executorch_worker.py")]
        ways = {"": in_process(command, environment, PATIENCE)}
    prepared = {name: partial(_prepared, root, processor, way) for name, way in ways.items()}
    return Host(name, PACKAGES[package], prepared)


def _prepared(
    root: Path,
    processor: str,
    way: Ask,
    model: Path,
    metadata: Metadata,
    texts: Sequence[Sequence[bytes]],
) -> list[Reply]:
    """What `way` answers once the root says which processor it has."""
    write_cpuinfo(root, processor)
    return way(model, metadata, texts)
