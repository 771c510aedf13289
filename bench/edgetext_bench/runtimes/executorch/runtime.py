"""ExecuTorch as the benchmark asks it."""

from __future__ import annotations

from pathlib import Path

from edgetext_bench.hosts.host import Host
from edgetext_bench.runtimes.executorch.apk import NAME, apk_hosts
from edgetext_bench.runtimes.executorch.native import native_hosts
from edgetext_bench.runtimes.runtime import Runtime


def _others(folder: Path) -> list[Host]:
    return [*native_hosts(folder), *apk_hosts(folder)]


RUNTIME = Runtime(
    NAME,
    releases=("1.4.1", "1.5.1"),
    worker=Path(__file__).resolve().with_name("worker.py"),
    in_app=True,
    clips=True,
    others=_others,
)
