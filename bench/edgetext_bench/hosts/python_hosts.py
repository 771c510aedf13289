"""Hosts in Python on this machine: releases of each runtime.

A release that is not the installed one lies in a folder of its own, without its dependencies,
which are those of the Python that runs this.
"""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

from edgetext_bench.hosts.host import Host
from edgetext_bench.runtimes.known import runtimes
from edgetext_bench.runtimes.runtime import Runtime


def python_hosts(folder: Path) -> list[Host]:
    """Give every release, the newest first.

    folder: with the folders NAME-RELEASE of those that are not the installed one.
    """
    return [
        _host(runtime, release, folder)
        for runtime in runtimes()
        for release in reversed(runtime.releases)
    ]


def _host(runtime: Runtime, release: str, folder: Path) -> Host:
    name = f"{runtime.name}=={release}"
    environment = _environment(runtime.name, release, folder)
    if environment is None:
        return Host(name, runtime.suffixes, missing=_how(runtime.name, release, folder))
    ways = runtime.ask([sys.executable], environment)
    return Host(name, runtime.suffixes, ways, family=runtime.name)


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
