"""brat's folders: a text file, and beside it one of annotations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.data.example import LeftOut
from edgetext.data.formats.documents import SpanTriple
from edgetext.data.lines import decode, read_content, read_lines
from edgetext.data.reader import Item, Reader, attempt, make_example
from edgetext.registry import register

_ENTITY = re.compile(r"T\S*\t(?P<label>\S+) (?P<start>\d+) (?P<end>\d+)(?P<more>[;\d ]*)(?:\t.*)?")


@register("reader", "brat")
class Brat(Reader):
    """A folder of NAME.txt and NAME.ann (Stenetorp et al. 2012); each line of a text is an example.

    Entities of one piece, within a line, are spans; others, which a tagger has no tags for, are
    left out and counted. So are entities that overlap an earlier one.
    """

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        files = annotated(path)
        if not files:
            raise EdgetextError(f"{path}: a folder of brat has files NAME.txt and NAME.ann")
        for file in files:
            yield from _document(file)


def annotated(folder: Path) -> list[Path]:
    """List the texts of a folder that have annotations beside them, by name."""
    return sorted(f for f in folder.glob("*.txt") if f.with_suffix(".ann").exists())


def _document(file: Path) -> Iterator[Item]:
    text = decode(read_content(file), str(file)).replace("\r\n", "\n")
    spans: list[SpanTriple] = []
    for number, row in read_lines(file.with_suffix(".ann")):
        source = f"{file.with_suffix('.ann')}:{number}"
        if not row.startswith(b"T"):
            continue
        entity = _ENTITY.fullmatch(decode(row, source))
        if entity is None:
            yield EdgetextError(f"{source}: not an entity; write `T1<TAB>LABEL START END<TAB>TEXT`")
            continue
        start, end = int(entity["start"]), int(entity["end"])
        if entity["more"].strip():
            yield LeftOut("entities of several pieces left out", source)
        elif "\n" in text[start:end]:
            yield LeftOut("entities over several lines left out", source)
        elif any(a <= start < b or a < end <= b or start <= a < end for _, a, b in spans):
            yield LeftOut("entities that overlap an earlier one left out", source)
        else:
            spans.append((entity["label"], start, end))
    begin = 0
    for number, line in enumerate(text.split("\n"), start=1):
        inside = [(n, a - begin, b - begin) for n, a, b in spans if begin <= a < begin + len(line)]
        if line.strip():
            yield attempt(make_example, line, None, inside, f"{file}:{number}")
        begin += len(line) + 1
