"""Tensors of the Open Inference Protocol: their types, their bytes, and those of several texts."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import numpy as np

from edgetext.serving.exchange import RefusalError
from edgetext.targets.target import Arrays

BYTES, UINT8 = "BYTES", "UINT8"
# The protocol's names of the types that outputs have.
TYPES = {
    "float32": "FP32",
    "float64": "FP64",
    "int32": "INT32",
    "int64": "INT64",
    "uint8": UINT8,
    "bool": "BOOL",
}
# Outputs with a row for each piece of a text that the model points to, and those that have a number
# for each of these rows.
ROWS = frozenset({"spans", "nodes", "ranges"})
ALONG = frozenset({"span_scores", "sentences"})
LENGTH = 4  # bytes of the number before each element of BYTES


def refuse(sentence: str) -> RefusalError:
    """Give the refusal of a request that says something wrong."""
    return RefusalError(HTTPStatus.BAD_REQUEST, sentence)


def joined(name: str, arrays: Sequence[np.ndarray]) -> np.ndarray:
    """Join an output of several texts, each as a file of one text gives it; of one text it stays
    as it is.

    Rows get the number of their text in front, and a number for each of them becomes one long row:
    spans int32[1, S, 3] becomes int32[T, 4], and span_scores float32[1, S] float32[T], T being all
    S together. All others are [1, ...] and become [B, ...].
    """
    kind = name.rpartition(".")[2]
    if kind in ROWS:
        # A batch file's rows have no leading 1.
        arrays = [array.reshape(1, -1, array.shape[-1]) for array in arrays]
    if len(arrays) == 1:
        return arrays[0]
    if kind in ALONG:
        return np.concatenate([array.reshape(-1) for array in arrays])
    if kind not in ROWS:
        return np.concatenate(arrays)
    rows = np.concatenate([array[0] for array in arrays])
    texts = np.repeat(np.arange(len(arrays), dtype=rows.dtype), [a.shape[1] for a in arrays])
    return np.concatenate([texts[:, None], rows], axis=1)


def joined_outputs(
    names: Sequence[str], each: Sequence[Arrays], chosen: Sequence[str]
) -> dict[str, np.ndarray]:
    """Give the outputs that are chosen, by name, of all texts together."""
    place = {name: i for i, name in enumerate(names)}
    return {name: joined(name, [own[place[name]] for own in each]) for name in chosen}


def described(names: Sequence[str], example: Arrays) -> list[dict[str, Any]]:
    """Say of outputs what the protocol's metadata does, -1 where a dimension depends on the texts;
    example: those of one text."""
    rows = []
    for name, array in zip(names, example, strict=True):
        kind = name.rpartition(".")[2]
        if kind in ROWS:
            shape = [1, -1, array.shape[-1]]
        elif kind in ALONG:
            shape = [1, -1]
        else:
            shape = [-1, *array.shape[1:]]
        rows.append({"name": name, "datatype": TYPES[array.dtype.name], "shape": shape})
    return rows


def read_elements(data: memoryview, count: int, name: str) -> list[bytes]:
    """Read `count` elements of BYTES, each after its length in four bytes, little-endian;
    RefusalError where the bytes are not exactly those."""
    elements, at = [], 0
    for number in range(count):
        begin = at + LENGTH
        size = int.from_bytes(data[at:begin], "little") if begin <= len(data) else 0
        if begin > len(data) or begin + size > len(data):
            raise refuse(
                f"input {name}: element {number} goes beyond the tensor's {len(data)} bytes; write "
                "its length in four bytes, little-endian, and then the text"
            )
        elements.append(bytes(data[begin : begin + size]))
        at = begin + size
    if at != len(data):
        raise refuse(
            f"input {name}: {len(data) - at} bytes are left after the {count} elements that its "
            "shape says"
        )
    return elements


def flat(data: Any) -> list[Any]:
    """Give the elements of a list that may be nested as a tensor's shape is."""
    elements: list[Any] = []
    pending = [data]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(reversed(value))
        else:
            elements.append(value)
    return elements
