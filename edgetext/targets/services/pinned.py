"""The packages that a process needs which serves an `.onnx` file, with the versions that are
installed here: no PyTorch among them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from edgetext.version import __version__

# What edgetext itself imports to load such a file and to answer texts.
ANSWERS = ("click", "numpy", "onnxruntime", "pydantic")


def requirements(*packages: str) -> bytes:
    """Give the lines of a requirements.txt: edgetext, ANSWERS and `packages` with all that these
    need, for `pip install --no-deps`.

    A package that is not installed here stands with what edgetext asks of it.
    """
    pins: dict[str, str] = {}
    for package in (*ANSWERS, *packages):
        _add(package, pins)
    lines = [f"edgetext=={__version__}", *sorted(pins.values())]
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def _add(package: str, pins: dict[str, str]) -> None:
    name = canonicalize_name(package)
    if name in pins:
        return
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        pins[name] = _asked_for(name)
        return
    pins[name] = f"{name}=={version.partition('+')[0]}"
    for needed in _needs(name):
        _add(needed, pins)


def _needs(name: str) -> Iterator[str]:
    for line in metadata.requires(name) or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name


def _asked_for(name: str) -> str:
    """What edgetext's own metadata asks of a package, without its extra."""
    try:
        lines = metadata.requires("edgetext") or []
    except metadata.PackageNotFoundError:
        lines = []
    for line in lines:
        requirement = Requirement(line)
        if canonicalize_name(requirement.name) == name:
            return f"{name}{requirement.specifier}"
    return name
