"""fastText's lines: `__label__NAME text`."""

from __future__ import annotations

import re

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.lines import decode
from edgetext.data.reader import LineReader, make_example
from edgetext.data.several_labels import with_labels
from edgetext.registry import register

# Tools that made the lines of CSV left its comma behind the label.
LINE = re.compile(r"\s*(?P<labels>(?:__label__\S+\s+)+)(?:,\s+)?(?P<text>.*)")


@register("reader", "fasttext")
class FastText(LineReader):
    """A text and its label a line, or several labels."""

    def example(self, row: bytes, source: str) -> Example:
        match = LINE.fullmatch(decode(row, source))
        if match is None:
            raise EdgetextError(f"{source}: no label begins the line; write `__label__NAME text`")
        labels = [label.removeprefix("__label__") for label in match["labels"].split()]
        if len(labels) == 1:
            return make_example(match["text"], labels[0], (), source)
        return with_labels(make_example(match["text"], None, (), source), labels)
