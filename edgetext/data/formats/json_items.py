"""JSON objects of a file, whether they stand a line each or in one list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.data.formats.json_objects import as_object, read_object
from edgetext.data.lines import decode, read_begin, read_content, read_lines

_BLANK = " \t\r\n"


def is_list(content: bytes) -> bool:
    """Tell whether a file's content begins a JSON list."""
    return content.lstrip()[:1] == b"["


def listed(path: Path) -> Iterator[tuple[int, Any]]:
    """Give (line from 1, value) of each item of a file that is one JSON list.

    EdgetextError with the line where it is none.
    """
    text = decode(read_content(path), str(path))
    decoder = json.JSONDecoder()
    line, counted = 1, 0
    at = _skipped(text, 0) + 1
    try:
        while True:
            at = _skipped(text, at)
            if text[at : at + 1] == "]":
                return
            line += text.count("\n", counted, at)
            counted = at
            value, at = decoder.raw_decode(text, at)
            yield line, value
            at = _skipped(text, at)
            if text[at : at + 1] not in (",", "]"):
                raise json.JSONDecodeError("expected , or ]", text, at)
            at += text[at] == ","
    except (ValueError, RecursionError) as error:
        where = getattr(error, "lineno", line)
        reason = getattr(error, "msg", "nested too deeply")
        raise EdgetextError(f"{path}:{where}: not a JSON list ({reason}); correct it") from error


def first_object(path: Path) -> dict[str, Any]:
    """Read the first object of a file, an empty one where there is none."""
    if is_list(read_begin(path)):
        return as_object(next((value for _, value in listed(path)), {}), f"{path}:1")
    rows = (row for _, row in read_lines(path) if row.strip())
    return read_object(next(rows, b"{}"), f"{path}:1")


def _skipped(text: str, at: int) -> int:
    """The place of the next character that is no blank."""
    while text[at : at + 1] and text[at] in _BLANK:
        at += 1
    return at
