"""JSON in UTF-8, of values that JSON has: for what is written for each request, or each row."""

from __future__ import annotations

import json
from typing import Any

from pydantic_core import PydanticSerializationError, SchemaSerializer, core_schema

# pydantic_core.to_json makes one of these for each value, which takes longer than its work.
_to_json = SchemaSerializer(
    core_schema.any_schema(), core_schema.CoreConfig(ser_json_inf_nan="constants")
).to_json


def to_json(value: Any) -> bytes:
    """Write a value. A surrogate, which UTF-8 has no bytes for, is the escape that it came from in
    somebody's JSON; TypeError for what JSON has no form for."""
    try:
        return _to_json(value)
    except PydanticSerializationError:
        return json.dumps(value, separators=(",", ":")).encode()
