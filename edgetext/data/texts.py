"""Files of texts without labels: a text a line, or two with a tab between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.data.lines import decode, read_lines


def read_texts(path: Path, inputs: int = 1) -> Iterator[tuple[str, list[str]]]:
    """Yield (place in the file, its texts) of each line that has a word.

    inputs: how many texts a line has, one or two. EdgetextError for a line of another number, and
    for what is not UTF-8.
    """
    for number, row in read_lines(path):
        source = f"{path}:{number}"
        line = decode(row, source)
        texts = line.split("\t") if inputs > 1 else [line]
        if not line.strip():
            continue
        if len(texts) != inputs:
            raise EdgetextError(
                f"{source}: the model reads {inputs} texts and this line has {len(texts)}; "
                "write both with one tab between them"
            )
        yield source, texts
