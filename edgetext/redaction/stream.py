"""Streams of lines, redacted or restored as they come: what is held is a chunk, not the stream."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Protocol

from edgetext.core.errors import EdgetextError
from edgetext.data.text_range import decoded
from edgetext.redaction.style import Style
from edgetext.redaction.windows import Finder

_CHUNK = 64 * 1024
# What a stream of another encoding begins with, and what it is.
_OTHERS = {
    b"\xff\xfe": "UTF-16 text; save it as UTF-8",
    b"\xfe\xff": "UTF-16 text; save it as UTF-8",
    b"\x1f\x8b": "a gzip archive; unpack it first, as with `gzip -dc FILE | edgetext redact -`",
    b"PK\x03\x04": "a zip archive or an office document; save its text as UTF-8",
    b"%PDF": "a PDF; save its text as UTF-8",
}


class Readable(Protocol):
    """What lines are read from, as a file that is open for bytes."""

    def readline(self, size: int = -1, /) -> bytes: ...


def redacted(source: Readable, name: str, finder: Finder, style: Style) -> Iterator[bytes]:
    """Yield a stream with placeholders in the place of its spans, its line ends as they were.

    Bytes that are no UTF-8 pass. EdgetextError, with `name`, where it is no such text at all.
    """
    for line in _lines(source, name):
        for part, spans in finder.parts(line):
            yield from style.replaced(part, spans)


def spans_as_json(source: Readable, name: str, finder: Finder) -> Iterator[bytes]:
    """Yield a line of JSON for each line that has spans: its number, where it begins, its spans.

    Offsets are of the line, in bytes and in code points, as those of an answer.
    """
    begin = 0
    for number, line in enumerate(_lines(source, name), start=1):
        places = []
        at = characters = 0
        for part, spans in finder.parts(line):
            for span in spans:
                place = span.place(part)
                for key, before in (("start", at), ("char_start", characters)):
                    place[key] += before
                    place[key.replace("start", "end")] += before
                places.append({"label": span.label, **place})
            at += len(part)
            characters += len(decoded(part))
        if places:
            row = {"line": number, "offset": begin, "spans": places}
            yield json.dumps(row, ensure_ascii=False).encode() + b"\n"
        begin += at


def restored(
    source: BinaryIO, pattern: re.Pattern[bytes], values: Mapping[bytes, bytes]
) -> Iterator[bytes]:
    """Yield a stream with the values of its placeholders; what the map does not know stays."""
    longest = max(map(len, values), default=1)
    held = b""
    while chunk := source.read(_CHUNK):
        held += chunk
        # A placeholder that begins before this is here as a whole.
        safe = max(0, len(held) - longest + 1)
        parts, at = _replaced(held, safe, pattern, values)
        yield parts
        held = held[at:]
    yield _replaced(held, len(held), pattern, values)[0]


def _replaced(
    held: bytes, safe: int, pattern: re.Pattern[bytes], values: Mapping[bytes, bytes]
) -> tuple[bytes, int]:
    """What begins before `safe`, with values for placeholders, and how far that goes."""
    parts, at = [], 0
    for match in pattern.finditer(held):
        if match.start() >= safe:
            break
        parts += [held[at : match.start()], values.get(match[0], match[0])]
        at = match.end()
    end = max(at, safe)
    return b"".join([*parts, held[at:end]]), end


def _lines(source: Readable, name: str) -> Iterator[Iterator[bytes]]:
    """Each line as its chunks, of which the next line comes after the last."""
    chunk = source.readline(_CHUNK)
    for begin, what in _OTHERS.items():
        if chunk.startswith(begin):
            raise EdgetextError(f"{name}: this is {what}")
    if b"\0" in chunk:
        raise EdgetextError(
            f"{name}: there are zero bytes in it, so it is no text; save it as UTF-8"
        )
    while chunk:
        line = _Line(chunk, source)
        yield line.chunks()
        chunk = line.after()


class _Line:
    """A line that is read while its chunks are asked for."""

    def __init__(self, chunk: bytes, source: Readable) -> None:
        self._chunk = chunk
        self._source = source

    def chunks(self) -> Iterator[bytes]:
        yield self._chunk
        while self._chunk and not self._chunk.endswith(b"\n"):
            self._chunk = self._source.readline(_CHUNK)
            if self._chunk:
                yield self._chunk

    def after(self) -> bytes:
        """The first chunk of the next line."""
        return self._source.readline(_CHUNK) if self._chunk else b""
