"""A JSON object a line, and its fields, with messages that name the line."""

from __future__ import annotations

import json
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.core.nearest import nearest
from edgetext.data.lines import decode


def read_object(row: bytes, source: str) -> dict[str, Any]:
    """The object that a line holds; EdgetextError with `source` where it holds none."""
    try:
        value = json.loads(decode(row, source))
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", "nested too deeply")
        raise EdgetextError(f"{source}: not JSON ({reason}); write an object a line") from error
    return as_object(value, source)


def as_object(value: Any, source: str) -> dict[str, Any]:
    """Return a value that is an object; EdgetextError with `source` where it is none."""
    if not isinstance(value, dict):
        raise EdgetextError(f"{source}: not a JSON object; write {{…}} with named fields")
    return value


def field_of(
    value: dict[str, Any],
    name: str,
    kind: type | tuple[type, ...],
    words: str,
    option: str,
    source: str,
) -> Any:
    """The field `name`, of a `kind` that is called `words`; `option` is what sets its name."""
    if name not in value:
        raise EdgetextError(
            f"{source}: the field {name} is missing{nearest(name, value)} (there are: "
            f"{', '.join(value)[:200] or 'none'}); add it, or set `{option}` to its name"
        )
    found = value[name]
    if not isinstance(found, kind) or isinstance(found, bool):
        raise EdgetextError(f"{source}: the field {name} must be {words}, not {found!r:.60}")
    return found
