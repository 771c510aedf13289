"""Values as texts: the cells of a CSV file, and what JSON has no form for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


def as_json(value: Any) -> str:
    """Write a value as JSON text; what JSON has no form for (dates, decimals) as a text."""
    return _ENCODE(value)


def unquoted(value: Any) -> str:
    """Write a value that JSON has no form for as a text: bytes, a date, a decimal."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def cell(value: Any) -> str:
    """Write a value as the cell of a CSV file; lists and objects as JSON text."""
    return _CELLS.get(type(value), unquoted)(value)


_ENCODE = json.JSONEncoder(ensure_ascii=False, default=unquoted).encode
# What writes a value, by its class; the encoder takes thrice as long for a number.
_CELLS: dict[type, Callable[[Any], str]] = {
    str: str,
    float: repr,
    int: repr,
    bool: lambda value: "true" if value else "false",
    type(None): lambda value: "",
    list: as_json,
    dict: as_json,
}
