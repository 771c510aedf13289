"""Arrow's types and tables of what `label` reads as text and of what models answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from edgetext.labeling.source import Survey, as_bytes


def schema_of(survey: Survey) -> Any:
    """Give the pyarrow.Schema of columns that text has: binary where a column is no UTF-8, JSON
    text where its values are of several types, or nested."""
    arrow = imported("pyarrow")
    return arrow.schema(
        [
            (name, arrow.binary() if name in survey.broken else arrow_type(str if k is None else k))
            for name, k in survey.columns.items()
        ]
    )


def imported(name: str) -> Any:
    """Import pyarrow or a module of it; EdgetextError, which says how it is installed, where it is
    not there."""
    # Here and not above: its package imports all readers, which take a third of the start.
    from edgetext.data.formats.extra import library

    return library(name, "Parquet files")


def arrow_type(kind: Any) -> Any:
    """Give the Arrow type of a type as `Answering.json_types` has them."""
    import pyarrow

    scalars = {
        str: pyarrow.string(),
        int: pyarrow.int64(),
        float: pyarrow.float64(),
        bool: pyarrow.bool_(),
    }
    if isinstance(kind, list):
        return pyarrow.list_(arrow_type(kind[0]))
    if isinstance(kind, Mapping):
        if str in kind:
            return pyarrow.map_(pyarrow.string(), arrow_type(kind[str]))
        return pyarrow.struct([(name, arrow_type(part)) for name, part in kind.items()])
    return scalars[kind]


def table_of(records: Iterable[Mapping[str, Any]], schema: Any) -> Any:
    """Give a pyarrow.Table of values that were read as text."""
    import pyarrow

    rows = list(records)
    columns = []
    for column in schema:
        values = [row.get(column.name) for row in rows]
        columns.append(pyarrow.array(_fitting(values, column.type), column.type))
    return pyarrow.Table.from_arrays(columns, schema=schema)


def answers_of(answers: Sequence[Mapping[str, Any] | None], types: Mapping[str, Any]) -> list[Any]:
    """Give a pyarrow.Array of each field of answers; null where a row has none."""
    import pyarrow

    return [
        pyarrow.array(
            [None if answer is None else answer.get(name) for answer in answers], arrow_type(kind)
        )
        for name, kind in types.items()
    ]


def _fitting(values: list[Any], kind: Any) -> list[Any]:
    """Values as a column of that Arrow type takes them."""
    from pyarrow import types

    if types.is_binary(kind) or types.is_string(kind):
        texts = [v if v is None or isinstance(v, str) else as_json(v) for v in values]
        return [None if text is None else as_bytes(text) for text in texts]
    return values


def as_json(value: Any) -> str:
    """Write a value as JSON text; what JSON has no form for (dates, decimals) as a text."""
    return _ENCODE(value)


def unquoted(value: Any) -> str:
    """Write a value that JSON has no form for as a text: bytes, a date, a decimal."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


_ENCODE = json.JSONEncoder(ensure_ascii=False, default=unquoted).encode
