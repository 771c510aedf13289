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
from edgetext_bench.hosts.host import Ask, Host
from edgetext_bench.runtimes.known import runtimes
from edgetext_bench.runtimes.runtime import Runtime

PATIENCE = 300.0  # seconds; PyTorch alone takes 20 to import


def emulated_hosts() -> list[Host]:
    """Give every runtime on each of the processors."""
    try:
        root = find_root()
    except NotReady as error:
        return [Host(f"{x.name}@arm64", x.suffixes, missing=str(error)) for x in runtimes()]
    return [_host(runtime, processor, root) for runtime in runtimes() for processor in PROCESSORS]


def _host(runtime: Runtime, processor: str, root: Path) -> Host:
    site = root / "opt/site"
    (release,) = (path.stem.split("-")[1] for path in site.glob(f"{runtime.name}-*.dist-info"))
    name = f"{runtime.name}=={release}@arm64/{processor.partition(',')[0]}"
    python = ["qemu-aarch64", "-cpu", processor, "-L", str(root), str(root / "usr/bin/python3.11")]
    environment = {"PYTHONPATH": str(site), "PYTHONHOME": str(root / "usr")}
    ways = runtime.ask(python, environment, PATIENCE)
    prepared = {name: partial(_prepared, root, processor, way) for name, way in ways.items()}
    return Host(name, runtime.suffixes, prepared)


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
