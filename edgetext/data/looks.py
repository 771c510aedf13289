"""What a file looks like, for the sentence about one that no reader is for."""

from __future__ import annotations

from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.data.lines import read_begin

# The first bytes of files that are no text, and what they are.
_MAGIC = {
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
    b"PK\x03\x04": "a zip archive",
    b"x\x9c": "compressed by zlib",
    b"%PDF": "a PDF",
    b"SQLite format 3": "an SQLite database",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x80\x04": "a Python pickle",
}


def check_text(path: Path) -> None:
    """Raise EdgetextError, which says what it looks like, where a file is no text."""
    begin = read_begin(path)
    known = next((words for magic, words in _MAGIC.items() if begin.startswith(magic)), None)
    if known is None and b"\0" in begin:
        known = "binary"
    if known is not None:
        raise EdgetextError(
            f"{path}: this is {known} and no text; write its rows as CSV or JSON Lines"
        )


def described(line: bytes) -> str:
    """Quote the begin of a line, for a message."""
    return repr(line[:60].decode("utf-8", "replace"))
