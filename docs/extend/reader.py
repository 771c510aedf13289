"""A reader of lines such as `buy | two eggs and a loaf`: a label, a bar, a text."""

from __future__ import annotations

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.lines import decode
from edgetext.data.reader import LineReader, make_example
from edgetext.registry import register


@register("reader", "bars")
class Bars(LineReader):
    """Read `label | text`, an example a line."""

    def example(self, row: bytes, source: str) -> Example:
        """Return the line's example; `source` is "file:line", for messages."""
        label, bar, text = decode(row, source).partition("|")
        if not bar:
            raise EdgetextError(f"{source}: there is no | between label and text; write one")
        return make_example(text.strip(), label.strip(), (), source)
