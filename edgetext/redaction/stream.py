"""Streams of lines, redacted or restored as they come: what is held is a chunk, not the stream.

The lines of a chunk are answered together. A stream that pauses has its whole lines answered, for
a chunk is what there is to read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, Protocol

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Span
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

    def read1(self, size: int = -1, /) -> bytes:
        """Give what there is, `size` bytes at most, and nothing at the end alone."""
        ...


def redacted(source: Readable, name: str, finder: Finder, style: Style) -> Iterator[bytes]:
    """Yield a stream with placeholders in the place of its spans, its line ends as they were.

    Bytes that are no UTF-8 pass. EdgetextError, with `name`, where it is no such text at all.
    """
    for lines in _lines(source, name):
        if isinstance(lines, list):
            several = zip(lines, finder.spans_of(lines), strict=True)
            yield b"".join(x for line, spans in several for x in style.replaced(line, spans))
        else:
            for part, spans in finder.parts(lines):
                yield from style.replaced(part, spans)


def spans_as_json(source: Readable, name: str, finder: Finder) -> Iterator[bytes]:
    """Yield a line of JSON for each line that has spans: its number, where it begins, its spans.

    Offsets are of the line, in bytes and in code points, as those of an answer.
    """
    begin = 0
    number = 1
    for lines in _lines(source, name):
        several: Iterable[Iterable[tuple[bytes, list[Span]]]] = [finder.parts(lines)]
        if isinstance(lines, list):
            several = ([x] for x in zip(lines, finder.spans_of(lines), strict=True))
        for parts in several:
            places, size = _places(parts)
            if places:
                row = {"line": number, "offset": begin, "spans": places}
                yield json.dumps(row, ensure_ascii=False).encode() + b"\n"
            begin += size
            number += 1


def _places(parts: Iterable[tuple[bytes, list[Span]]]) -> tuple[list[dict[str, Any]], int]:
    """The spans of a line as JSON values, and the line's size in bytes."""
    places = []
    at = characters = 0
    for part, spans in parts:
        for span in spans:
            place = span.place(part)
            for key, before in (("start", at), ("char_start", characters)):
                place[key] += before
                place[key.replace("start", "end")] += before
            places.append({"label": span.label, **place})
        at += len(part)
        characters += len(decoded(part))
    return places, at


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


def _lines(source: Readable, name: str) -> Iterator[list[bytes] | Iterator[bytes]]:
    """The whole lines of a chunk, or a line that is longer than one as its own chunks, all of which
    are taken before what follows."""
    held = _begin(source, name)
    while True:
        end = held.rfind(b"\n") + 1
        if end:
            yield [line + b"\n" for line in held[: end - 1].split(b"\n")]
            held = held[end:]
        more = source.read1(_CHUNK)
        if not more:
            if held:
                yield [held]
            return
        held += more
        if len(held) > _CHUNK and b"\n" not in held:
            line = _LongLine(held, source)
            yield line.chunks()
            held = line.after


def _begin(source: Readable, name: str) -> bytes:
    """What there is up to the first line's end; EdgetextError where that tells it is no text."""
    held = b""
    while b"\n" not in held and len(held) < _CHUNK and (more := source.read1(_CHUNK)):
        held += more
    for begin, what in _OTHERS.items():
        if held.startswith(begin):
            raise EdgetextError(f"{name}: this is {what}")
    if b"\0" in held.partition(b"\n")[0]:
        raise EdgetextError(
            f"{name}: there are zero bytes in it, so it is no text; save it as UTF-8"
        )
    return held


class _LongLine:
    """A line that is read while its chunks are asked for; after: what was read of the next."""

    def __init__(self, held: bytes, source: Readable) -> None:
        self.after = b""
        self._held = held
        self._source = source

    def chunks(self) -> Iterator[bytes]:
        chunk = self._held
        while chunk:
            end = chunk.find(b"\n") + 1
            if end:
                self.after = chunk[end:]
                yield chunk[:end]
                return
            yield chunk
            chunk = self._source.read1(_CHUNK)
