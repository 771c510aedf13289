"""Arrow's types and tables of what `label` reads as text and of what models answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from edgetext.core.libraries import library
from edgetext.labeling.cells import as_json
from edgetext.labeling.source import Survey, as_bytes
from edgetext.tasks.columns import Column, Labels, Objects, Scalars, Texts


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


def array_of(column: Column, kind: Any) -> Any:
    """Give a pyarrow.Array of the values of a column, of a type as `answers_of` has them."""
    arrow = arrow_type(kind)
    if isinstance(column, Labels):
        return texts_of(column.values(), arrow)
    if isinstance(column, Texts):
        return texts_of(column.values, arrow)
    if isinstance(column, Scalars):
        return _scalars_of(column.values, arrow)
    assert isinstance(column, Objects)
    return _objects_of(column, kind, arrow)


def texts_of(values: Sequence[str] | Sequence[bytes], kind: Any) -> Any:
    """Give a pyarrow.Array of texts, or of bytes, of type string or binary; ArrowInvalid for bytes
    that are no UTF-8 where it is string.

    It is made of its buffers, since pyarrow.array imports pandas, where that is installed, and this
    takes longer than a thousand answers.
    """
    import pyarrow

    encoded = [x.encode("utf-8") if isinstance(x, str) else x for x in values]
    ends = np.cumsum([0, *map(len, encoded)])
    if ends[-1] > np.iinfo(np.int32).max:
        return pyarrow.array(encoded, kind)
    buffers = [None, pyarrow.py_buffer(ends.astype(np.int32)), pyarrow.py_buffer(b"".join(encoded))]
    array = pyarrow.Array.from_buffers(kind, len(encoded), buffers)
    array.validate(full=True)
    return array


def _scalars_of(values: Sequence[Any], kind: Any) -> Any:
    """Give a pyarrow.Array of numbers or truth values."""
    import pyarrow

    if pyarrow.types.is_boolean(kind):
        content = np.packbits(np.array(values, np.bool_), bitorder="little")
    else:
        content = np.array(values, kind.to_pandas_dtype())
    return pyarrow.Array.from_buffers(kind, len(values), [None, pyarrow.py_buffer(content)])


def _objects_of(column: Objects, kind: Any, arrow: Any) -> Any:
    """Give a pyarrow.ListArray; fields that no object has are null."""
    import pyarrow

    (parts,) = kind
    count = int(column.counts.sum())
    arrays = [
        array_of(column.fields[name], part)
        if name in column.fields
        else pyarrow.nulls(count, arrow_type(part))
        for name, part in parts.items()
    ]
    objects = pyarrow.StructArray.from_arrays(arrays, fields=list(arrow.value_type))
    ends = np.concatenate([[0], column.counts.cumsum()]).astype(np.int32)
    buffers = [None, pyarrow.py_buffer(ends)]
    return pyarrow.Array.from_buffers(arrow, len(column.counts), buffers, children=[objects])


def _fitting(values: list[Any], kind: Any) -> list[Any]:
    """Values as a column of that Arrow type takes them."""
    from pyarrow import types

    if types.is_binary(kind) or types.is_string(kind):
        texts = [v if v is None or isinstance(v, str) else as_json(v) for v in values]
        return [None if text is None else as_bytes(text) for text in texts]
    return values
