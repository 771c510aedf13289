"""MASSIVE's lines: a text with its slots in brackets, as `rain in [place_name : oslo]`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.formats.documents import joined, shaped, whole
from edgetext.data.formats.json_objects import read_object
from edgetext.data.lines import read_lines
from edgetext.data.reader import Item, Reader, make_example
from edgetext.registry import register

_SLOT = re.compile(r"\[\s*(?P<label>[^\]:]+?)\s*:\s*(?P<value>[^\]]*?)\s*\]")
_SPLITS = {"train": "train", "valid": "dev", "test": "test"}


@register("reader", "massive")
class Massive(Reader):
    """MASSIVE (FitzGerald et al. 2022): a JSON object a line with `annot_utt`, `intent` and
    `partition`, which divides the file where there are several."""

    def splits_in(self, path: Path) -> Sequence[str]:
        present = set()
        for _, row in read_lines(path):
            try:
                present.add(read_object(row, str(path)).get("partition", "train"))
            except EdgetextError:
                continue  # the reading says it
        parts = [split for split, partition in _SPLITS.items() if partition in present]
        return parts if len(parts) > 1 else ()

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        divided = len(self.splits_in(path)) > 1
        for number, row in read_lines(path):
            if not row.strip():
                continue
            source = f"{path}:{number}"
            try:
                value = read_object(row, source)
            except EdgetextError as error:
                yield error
                continue
            if not divided or value.get("partition", "train") == _SPLITS[split]:
                yield shaped(_example, value, source, "MASSIVE")


def _example(value: dict[str, Any], source: str) -> Example:
    text, spans = whole(*joined(_parts(value["annot_utt"])))
    return make_example(text, value["intent"], spans, source)


def _parts(annotated: str) -> Iterator[tuple[str, str | None]]:
    """The parts of a text with its slots in brackets."""
    read = 0
    for match in _SLOT.finditer(annotated):
        yield annotated[read : match.start()], None
        yield match["value"], match["label"]
        read = match.end()
    yield annotated[read:], None
