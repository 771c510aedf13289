"""Files as lines: gzip opened by its magic bytes, UTF-8 demanded, line numbers kept."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes

_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_content(path: Path) -> bytes:
    """The file's bytes, unpacked when they are gzip (whatever the name says), without a BOM.

    EdgetextError when the file is missing, a damaged archive or UTF-16.
    """
    content = read_bytes(path)
    if content.startswith(_GZIP):
        try:
            content = gzip.decompress(content)
        except (EOFError, OSError, zlib.error) as error:
            raise EdgetextError(
                f"{path}: this gzip file is damaged or cut short; copy it again"
            ) from error
    if content.startswith(_UTF16):
        raise EdgetextError(f"{path}: this is UTF-16 text; save it as UTF-8")
    return content.removeprefix(_BOM)


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """(number from 1, bytes without the line end) of each line.

    Only LF and CR LF end a line: other characters that Unicode calls line separators belong to
    the text.
    """
    rows = read_content(path).split(b"\n")
    if not rows[-1]:
        rows.pop()
    for number, row in enumerate(rows, start=1):
        yield number, row.removesuffix(b"\r")


def decode(row: bytes, source: str) -> str:
    """A line as text; EdgetextError with `source` when it is not UTF-8."""
    try:
        return row.decode("utf-8")
    except UnicodeDecodeError as error:
        raise EdgetextError(
            f"{source}: byte {error.start + 1} of the line is not UTF-8; save the file as UTF-8"
        ) from error


def blocks(rows: Iterable[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    """The numbered lines in groups, parted by empty lines."""
    block: list[tuple[int, bytes]] = []
    for number, row in rows:
        if row.strip():
            block.append((number, row))
        elif block:
            yield block
            block = []
    if block:
        yield block
