"""CoNLL-2012 (OntoNotes): named entities in brackets, one of many columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.lines import blocks, decode, read_lines
from edgetext.data.reader import Item, Reader, attempt, make_example
from edgetext.registry import register

_WORD, _ENTITY = 3, 10
_LEAST = 12  # columns: the predicates' arguments between the entity and the coreference vary
_BEGINS = re.compile(r"\(([^()*\s]+)")


@register("reader", "conll2012")
class Conll2012(Reader):
    """A word a line, `#begin document` and `#end document` around documents.

    An entity is `(LABEL*` at its first word and `*)` at its last, `(LABEL)` at its only one.
    """

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        rows = ((n, b"" if row.startswith(b"#") else row) for n, row in read_lines(path))
        for block in blocks(rows):
            yield attempt(_example, path, block)


def _example(path: Path, block: Sequence[tuple[int, bytes]]) -> Example:
    words: list[str] = []
    spans = []
    begun: list[tuple[str, int]] = []
    at = 0
    for number, row in block:
        source = f"{path}:{number}"
        columns = decode(row, source).split()
        if len(columns) < _LEAST:
            raise EdgetextError(
                f"{source}: {len(columns)} columns, and CoNLL-2012 has {_LEAST} or more; correct it"
            )
        mark = columns[_ENTITY]
        begun += [(label, at) for label in _BEGINS.findall(mark)]
        words.append(columns[_WORD])
        at += len(columns[_WORD])
        for _ in range(mark.count(")")):
            if not begun:
                raise EdgetextError(f"{source}: {mark!r} closes no entity; correct it")
            label, start = begun.pop()
            spans.append((label, start, at))
        at += 1
    if begun:
        raise EdgetextError(f"{path}:{block[-1][0]}: the entity {begun[-1][0]} is not closed")
    return make_example(" ".join(words), None, spans, f"{path}:{block[0][0]}")
