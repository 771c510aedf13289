"""A word a line in columns (CoNLL), with the marker lines that published files have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import Field

from edgetext.core.errors import EdgetextError
from edgetext.data.formats.tagged import TaggedConfig, TaggedReader, TaggedWords, words_of
from edgetext.data.lines import blocks, decode, read_lines
from edgetext.registry import register


class ConllConfig(TaggedConfig):
    """Which columns hold what."""

    word_column: int = Field(0, description="counted from 0; -1 is the last column")
    tag_column: int = Field(-1, description="counted from 0; -1 is the last column")


# Lines that are none of the words: CoNLL-2003's documents, CoNLL-2012's, those of BioNLP (GENIA).
MARKER = re.compile(rb"-DOCSTART-|#(?:begin|end) document|###MEDLINE")
_INTENT = re.compile(r"#\s*(?:intent|label)\s*[:=]\s*(.*\S)\s*$")


@register("reader", "conll")
class Conll(TaggedReader):
    """A word a line in columns (CoNLL, IOB), with an empty line after each sentence.

    Columns are split at tabs when the file's first word line has one, else at spaces. Lines that
    begin with `# ` before a sentence are comments; `# intent: NAME` gives its intent. Lines such as
    -DOCSTART- part sentences wherever they stand.
    """

    Config = ConllConfig

    def __init__(self, config: ConllConfig) -> None:
        super().__init__(config)
        self.config = config

    def sentences(self, path: Path) -> Iterator[TaggedWords | EdgetextError]:
        rows = [(n, b"" if MARKER.match(row) else row) for n, row in read_lines(path)]
        first = next(((n, r) for n, r in rows if r.strip() and not _like_comment(r)), None)
        if first is None:
            return
        tabs = b"\t" in first[1]
        width = len(_columns(first[1].decode("utf-8", "replace"), tabs))
        for column in (self.config.word_column, self.config.tag_column):
            if not -width <= column < width:
                raise EdgetextError(
                    f"{path}:{first[0]}: there is no column {column} among {width}; "
                    "correct word_column or tag_column (they count from 0)"
                )
        tags = self._tags(rows, tabs)
        for block in blocks(rows):
            try:
                sentence = self._sentence(path, block, tabs, width, tags)
            except EdgetextError as error:
                yield error
                continue
            if sentence.words:
                yield sentence

    def _tags(self, rows: Iterable[tuple[int, bytes]], tabs: bool) -> set[str]:
        """The tags of the lines that are no comments."""
        lines = (row.decode("utf-8", "replace") for _, row in rows if not _like_comment(row))
        cells = (_columns(line, tabs) for line in lines)
        column = self.config.tag_column
        return {row[column] for row in cells if -len(row) <= column < len(row)}

    def _sentence(
        self,
        path: Path,
        block: Iterable[tuple[int, bytes]],
        tabs: bool,
        width: int,
        known_tags: set[str],
    ) -> TaggedWords:
        words: list[str] = []
        tags: list[str] = []
        sources: list[str] = []
        intent = None
        for number, row in block:
            source = f"{path}:{number}"
            line = decode(row, source)
            columns = _columns(line, tabs)
            # A hashtag may be a word: a comment stands before the words, and has other columns or
            # something else where the words have a tag.
            if (
                not words
                and _like_comment(row)
                and (
                    len(columns) != width
                    or _INTENT.match(line)
                    or not _is_tag(columns[self.config.tag_column], known_tags)
                )
            ):
                named = _INTENT.match(line)
                intent = named[1] if named else intent
                continue
            if len(columns) != width:
                raise EdgetextError(
                    f"{source}: {len(columns)} columns where the file's first word has {width}; "
                    "give each word the same columns"
                )
            word, tag = columns[self.config.word_column], columns[self.config.tag_column]
            if not word:
                raise EdgetextError(f"{source}: the word is empty; write one or remove the line")
            if not tag:
                raise EdgetextError(f"{source}: the tag is empty; write one or remove the line")
            words.append(word)
            tags.append(tag)
            sources.append(source)
        return TaggedWords(words, tags, intent, sources)


def _is_tag(cell: str, known: set[str]) -> bool:
    return cell in known or cell == "O" or bool(re.match(r"[BIESLU]-\S", cell))


def _like_comment(row: bytes) -> bool:
    return row.startswith(b"# ") or row.strip() == b"#" or bool(re.match(rb"#intent\s*[:=]", row))


def _columns(line: str, tabs: bool) -> list[str]:
    return [cell.strip(" ") for cell in line.split("\t")] if tabs else words_of(line)
