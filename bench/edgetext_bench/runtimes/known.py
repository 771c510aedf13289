"""The runtimes that have a folder here."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from edgetext.targets import catalog
from edgetext_bench import runtimes as folders
from edgetext_bench.runtimes.runtime import Runtime


@cache
def runtimes() -> tuple[Runtime, ...]:
    """Load all of them, in the order of their files' suffixes."""
    declared: list[Runtime] = [
        import_module(f"{folders.__name__}.{entry.name}.runtime").RUNTIME
        for entry in pkgutil.iter_modules(folders.__path__)
        if entry.ispkg
    ]
    return tuple(sorted(declared, key=lambda runtime: runtime.suffixes))


def runtime_of(suffix: str) -> Runtime | None:
    """Give the runtime that files with that suffix are measured in; None where none is known."""
    if suffix not in catalog.measured():
        return None
    owner = catalog.owner(suffix).name
    return next((runtime for runtime in runtimes() if runtime.name == owner), None)
