"""Parquet, Arrow and Feather files, and data sets that Hugging Face's `save_to_disk` wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, LeftOut
from edgetext.data.formats.arrow_rows import Record, read_records
from edgetext.data.formats.json_formats import Jsonl, JsonlConfig
from edgetext.data.formats.tagged import SchemeName, TaggedWords, tagged_example
from edgetext.data.label_name import label_name
from edgetext.data.offsets import Offsets
from edgetext.data.reader import Item, ReaderConfig, attempt
from edgetext.data.tags import Scheme, detect
from edgetext.data.taken import Taken
from edgetext.registry import register


class ParquetConfig(JsonlConfig):
    """The names of the columns."""

    tokens: str | None = Field(
        None,
        description="column with the list of words, in place of `text`; `spans` has a tag for each",
    )
    scheme: SchemeName = Field("auto", description="of those tags, as `conll` has it")


@register("reader", "parquet")
class Parquet(Jsonl):
    """The same as `jsonl` of Parquet's rows; numbers of class labels get their names.

    Rows whose label is null, or a number without a name (as -1), are left out and counted. Reading
    needs pyarrow.
    """

    Config: ClassVar[type[ReaderConfig]] = ParquetConfig
    config: ParquetConfig

    def __init__(self, config: ParquetConfig) -> None:
        super().__init__(config)

    def with_offsets(self, unit: Offsets) -> Parquet | None:
        if self.config.tokens is not None:
            return None
        return Parquet(self.config.model_copy(update={"offsets": unit}))

    def taken(self, path: Path) -> Taken:
        """Tell the columns, with those of the first row."""
        _, row = next(read_records(path), (0, {}))
        taken = self.taken_of(row)
        tokens = self.config.tokens
        if tokens is None:
            return taken
        words = f"words: {tokens}, as {' '.join(map(str, row.get(tokens) or ()))!r:.60}"
        lines = (line for line in taken.lines if not line.startswith("offsets"))
        return Taken((words, *lines), tuple(name for name in taken.unused if name != tokens))

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        scheme = self._scheme(path)
        for number, row in read_records(path):
            yield attempt(self._of_row, row, scheme, f"{path}:row {number}")

    def _scheme(self, path: Path) -> Scheme:
        """The scheme of the tags, where there are some."""
        tags = self.config.spans
        if self.config.tokens is None or tags is None:
            return "bio"
        if self.config.scheme != "auto":
            return self.config.scheme
        rows = (row.get(tags) for _, row in read_records(path))
        return detect([str(tag) for tag in row] for row in rows if isinstance(row, list))

    def _of_row(self, row: Record, scheme: Scheme, source: str) -> Example | LeftOut:
        config = self.config
        intent = None
        if isinstance(config.intent, str):
            name = label_name(config.intent, row)
            if name in row:
                intent = row[name] = _label(row[name])
                if intent is None:
                    return LeftOut("rows left out, which have no label", source)
        if config.tokens is None:
            return self.of_object(row, source)
        words = _texts(row, config.tokens, source)
        tags = ["O"] * len(words) if config.spans is None else _texts(row, config.spans, source)
        if len(tags) != len(words):
            raise EdgetextError(
                f"{source}: {len(tags)} tags for {len(words)} words; give each word one tag"
            )
        sentence = TaggedWords(words, tags, intent, [source] * max(1, len(words)))
        return tagged_example(sentence, scheme, any_order=config.scheme == "auto")


def _label(value: Any) -> Any:
    """A label as texts and whole numbers: tables write a whole number with missing ones as 1.0."""
    if isinstance(value, bool):
        return str(value).lower()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _texts(row: Record, name: str, source: str) -> list[str]:
    """The list of a column, as texts."""
    if not isinstance(row.get(name), list):
        raise EdgetextError(f"{source}: the column {name} holds no list; correct its name")
    return [str(item) for item in row[name]]
