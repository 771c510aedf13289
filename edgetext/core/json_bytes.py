"""JSON in UTF-8, of values that JSON has: for what is written for each request, or each row."""

from __future__ import annotations

from pydantic_core import SchemaSerializer, core_schema

# pydantic_core.to_json makes one of these for each value, which takes longer than its work. It
# raises ValueError for what it has no form for, such as surrogates.
to_json = SchemaSerializer(
    core_schema.any_schema(), core_schema.CoreConfig(ser_json_inf_nan="constants")
).to_json
