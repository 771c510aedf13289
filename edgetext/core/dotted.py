"""The values of nested mappings by their dotted names, as `training.epochs`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def dotted(section: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the name and the value of each field that is no mapping, or an empty one."""
    for name, value in section.items():
        if isinstance(value, Mapping) and value:
            yield from dotted(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
