"""spaCy's DocBin: documents in one compressed file, as `spacy train` reads them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from edgetext.core.errors import EdgetextError
from edgetext.core.libraries import library
from edgetext.data.example import Example
from edgetext.data.formats.documents import whole
from edgetext.data.reader import Item, Reader, ReaderConfig, attempt, make_example
from edgetext.data.several_labels import listed_labels, with_labels
from edgetext.registry import register

# How zlib begins at the level that spaCy compresses with, and a key of its first record.
_ZLIB, _KEY = b"x\x9c", b"version"
_BEGIN = 256  # bytes


class DocBinConfig(ReaderConfig):
    spans: str | None = Field(
        None, description="name of the group of spans to read; null = the entities"
    )


@register("reader", "docbin")
class DocBin(Reader):
    """A file that spaCy's `DocBin.to_disk` wrote; each document is an example.

    Spans are the entities, or a group of spans; labels those categories whose value is a half or
    more. What else a document holds (`user_data`) is not looked at. Reading needs spaCy.
    """

    Config: ClassVar[type[ReaderConfig]] = DocBinConfig

    def __init__(self, config: DocBinConfig) -> None:
        super().__init__(config)
        self.group = config.spans

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        for number, document in enumerate(_documents(path), start=1):
            yield attempt(self._example, document, f"{path}:{number}")

    def _example(self, document: Any, source: str) -> Example:
        if self.group is None:
            spans = document.ents
        elif self.group in document.spans:
            spans = document.spans[self.group]
        else:
            there = ", ".join(document.spans) or "none"
            raise EdgetextError(
                f"{source}: the document has no group of spans {self.group!r}; it has {there}"
            )
        triples = [(span.label_, span.start_char, span.end_char) for span in spans]
        text, inside = whole(document.text, triples)
        example = make_example(text, None, inside, source)
        return with_labels(example, listed_labels(document.cats)) if document.cats else example


def is_docbin(path: Path) -> bool:
    """Tell whether a file begins as spaCy's DocBin does."""
    try:
        with path.open("rb") as file:
            begin = file.read(_BEGIN)
    except OSError:
        return False  # who reads it says what is wrong
    if not begin.startswith(_ZLIB):
        return False
    try:
        return _KEY in zlib.decompressobj().decompress(begin, _BEGIN)[: 2 + len(_KEY)]
    except zlib.error:
        return False


def _documents(path: Path) -> Iterator[Any]:
    """The documents of a file; EdgetextError where spaCy cannot read it, and where there is no
    spaCy."""
    if not is_docbin(path):
        raise EdgetextError(f"{path}: not a file that spaCy's DocBin.to_disk wrote; write it so")
    tokens, vocab = (library(f"spacy.{part}", "spaCy's files") for part in ("tokens", "vocab"))
    try:
        packed = tokens.DocBin().from_disk(path)
        packed.user_data = [None] * len(packed)  # may be whatever its writer put there
        yield from packed.get_docs(vocab.Vocab())
    except Exception as error:  # spaCy raises whatever its parsers do
        raise EdgetextError(f"{path}: this file is damaged ({error}); write it again") from error
