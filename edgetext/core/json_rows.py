"""A file of JSON, a row a line, that grows while work goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes

T = TypeVar("T")


def append_row(path: Path, row: Any, what: str) -> None:
    """Add a row, which is on the disk then; what: the rows are, as "the trials". EdgetextError
    where it cannot be written."""
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    except OSError as error:
        raise EdgetextError(
            f"{path}: {what} cannot be written ({error.strerror}); choose another folder with -o"
        ) from error


def read_rows(path: Path, read: Callable[[Any], T], what: str) -> list[T]:
    """Read all rows. A last line that was cut short is cut away from the file: its work is done
    again.

    read: makes a row of its JSON value; a ValueError, KeyError, TypeError or AttributeError of it
    is an EdgetextError that names the line. what: a row is, as "trial of `edgetext compress`".
    """
    content = read_bytes(path)
    whole = content[: content.rfind(b"\n") + 1]
    if whole != content:
        path.write_bytes(whole)
    rows = []
    for number, line in enumerate(whole.decode("utf-8", "replace").splitlines(), start=1):
        try:
            rows.append(read(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EdgetextError(
                f"{path}:{number}: this line is no {what}; give another folder with -o"
            ) from error
    return rows
