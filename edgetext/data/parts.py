"""The parts of a model of several tasks: "part=task", and what each has under "part.kind"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

V = TypeVar("V")


def split_spec(spec: str) -> tuple[str, str]:
    """ "part=task" -> (part, task)."""
    name, _, task = spec.partition("=")
    return name, task


def entries_of_part(name: str, entries: Mapping[str, V]) -> dict[str, V]:
    """What one part has among {"part.kind": ...}, by its own kinds."""
    prefix = f"{name}."
    return {k.removeprefix(prefix): v for k, v in entries.items() if k.startswith(prefix)}
