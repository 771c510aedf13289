"""Files as lines: gzip opened by its magic bytes, UTF-8 demanded, line numbers kept."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from io import BufferedReader
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.core.files import open_bytes, read_bytes

_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SAYS_DAMAGED = "{}: this gzip file is damaged or cut short; copy it again"
_SAYS_UTF16 = "{}: this is UTF-16 text; save it as UTF-8"


def read_content(path: Path) -> bytes:
    """The file's bytes, unpacked when they are gzip (whatever the name says), without a BOM.

    EdgetextError when the file is missing, a damaged archive or UTF-16.
    """
    content = read_bytes(path)
    if content.startswith(_GZIP):
        try:
            content = gzip.decompress(content)
        except (EOFError, OSError, zlib.error) as error:
            raise EdgetextError(_SAYS_DAMAGED.format(path)) from error
    if content.startswith(_UTF16):
        raise EdgetextError(_SAYS_UTF16.format(path))
    return content.removeprefix(_BOM)


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """(number from 1, bytes without the line end) of each line.

    Only LF and CR LF end a line: other characters that Unicode calls line separators belong to
    the text.
    """
    for number, row in enumerate(_rows(path), start=1):
        yield number, row.removesuffix(b"\n").removesuffix(b"\r")


def read_begin(path: Path, size: int = 4096) -> bytes:
    """The first bytes of what `read_content` gives."""
    with open_bytes(path) as file:
        if not _is_encoded(file.peek(len(_GZIP))):
            return file.read(size).removeprefix(_BOM)
    return read_content(path)[:size]


def _rows(path: Path) -> Iterator[bytes]:
    """The lines with their ends, of which one after the other is in memory, of an archive, too."""
    with open_bytes(path) as file:
        begin = file.peek(len(_GZIP))
        rows: Iterable[bytes] = _unpacked(path, file) if begin.startswith(_GZIP) else file
        first = True
        for row in rows:
            if first and row.startswith(_UTF16):
                raise EdgetextError(_SAYS_UTF16.format(path))
            yield row.removeprefix(_BOM) if first else row
            first = False


def _unpacked(path: Path, file: BufferedReader) -> Iterator[bytes]:
    """The lines of a gzip file; EdgetextError where it is damaged, after the lines before that."""
    try:
        with gzip.GzipFile(fileobj=file) as archive, BufferedReader(archive) as lines:
            yield from lines
    except (EOFError, OSError, zlib.error) as error:
        raise EdgetextError(_SAYS_DAMAGED.format(path)) from error


def _is_encoded(begin: bytes) -> bool:
    return begin.startswith((_GZIP, *_UTF16))


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
