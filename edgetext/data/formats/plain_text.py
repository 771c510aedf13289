"""Plain text, a paragraph a line, for models that learn from text alone."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from edgetext.data.example import UNKNOWN_WORD, Example
from edgetext.data.lines import decode
from edgetext.data.reader import LineReader, ReaderConfig, make_example
from edgetext.registry import register

# WikiText writes "red-tipped" as "red @-@ tipped", likewise numbers with a comma or a point.
_JOINED = ("-", ",", ".")


class TextConfig(ReaderConfig):
    unknown: str | None = Field(
        None, description="the word of the files that stands for unknown words, such as <unk>"
    )
    wikitext: bool = Field(False, description="read WikiText's @-@, @,@ and @.@ as -, , and .")


@register("reader", "text")
class Text(LineReader):
    """A text a line; blank lines are left out."""

    Config: ClassVar[type[ReaderConfig]] = TextConfig

    def __init__(self, config: TextConfig) -> None:
        super().__init__(config)
        self.config = config

    def example(self, row: bytes, source: str) -> Example:
        text = decode(row, source).strip()
        if self.config.wikitext:
            for mark in _JOINED:
                text = text.replace(f"@{mark}@", mark)
        if self.config.unknown is not None:
            mark = self.config.unknown
            text = " ".join(UNKNOWN_WORD if word == mark else word for word in text.split(" "))
        return make_example(text, None, (), source)
