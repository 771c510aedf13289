"""Pairs of texts with a label, a row each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.formats.tables import Csv, TableConfig
from edgetext.data.lines import decode, read_lines
from edgetext.data.no_label import judged
from edgetext.data.reader import Item, make_pair
from edgetext.registry import register


class PairsConfig(TableConfig):
    text: str | int = Field(0, description="column of the first text: a name, or a number from 0")
    text_b: str | int = Field(1, description="column of the second")
    label: str | int | None = Field(2, description="column of the label; null = none")
    delimiter: str = Field("\t", min_length=1, max_length=1)
    quote: str = Field("", max_length=1, description="around a cell; '' = no quoting")
    labels: str | None = Field(
        None,
        description="a file beside the data with a label a line, for files without that column",
    )
    skip: list[str] = Field(
        default_factory=list, description="cells that say there is nothing: the line is left out"
    )
    parallel: bool = Field(
        False,
        description="the files are translations of each other, line by line: a split by shares "
        "puts a line of all of them into the same part",
    )
    names: dict[str, str] = Field(
        default_factory=dict, description="label in the file -> what it is called"
    )

    @property
    def columns(self) -> list[str | int | None]:
        return [self.text, self.text_b, self.label]


@register("reader", "pairs")
class Pairs(Csv):
    """A table with two texts and a label a row, as PAWS-X (Yang et al. 2019) is published."""

    Config = PairsConfig
    config: PairsConfig

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        self._own_labels = None
        if self.config.labels is not None:
            file = path.parent / self.config.labels
            self._own_labels = [decode(row, f"{file}:{n}").strip() for n, row in read_lines(file)]
        for item in super().scan(path, split):
            if not isinstance(item, Example) or not self._is_nothing(item):
                yield item if not isinstance(item, Example) else judged(item)

    def split_key(self, example: Example) -> str:
        number = example.source.rpartition(":")[2]
        return f"line {number}" if self.config.parallel else example.text

    def _is_nothing(self, example: Example) -> bool:
        return not {*example.texts, example.intent}.isdisjoint(self.config.skip)

    def _example(
        self, cells: list[str], columns: list[int | None], width: int, source: str
    ) -> Example:
        text, text_b, label = columns
        assert text is not None and text_b is not None
        if len(cells) < 2:
            mark = self.config.delimiter
            raise EdgetextError(
                f"{source}: one column; write the two texts and their label with "
                f"{'tabs' if mark == chr(9) else mark} between them"
            )
        if len(cells) != width:
            raise EdgetextError(
                f"{source}: {len(cells)} columns where the first line has {width}; correct the line"
            )
        for column in (text, text_b):
            if not -width <= column < width:
                raise EdgetextError(
                    f"{source}: there is no column {column} among {width}; text, text_b and label "
                    "count from 0"
                )
        intent = None if label is None else self._label(cells, label, source)
        name = self.config.names.get(intent, intent) if intent is not None else None
        return make_pair(cells[text], cells[text_b], name, source)

    def _label(self, cells: list[str], column: int, source: str) -> str:
        if -len(cells) <= column < len(cells):
            return cells[column].strip()
        if self._own_labels is None:
            raise EdgetextError(
                f"{source}: there is no column {column} among {len(cells)}; add the label, or name "
                "a file of labels as data.labels"
            )
        number = int(source.rpartition(":")[2])
        if number > len(self._own_labels):
            raise EdgetextError(
                f"{source}: {self.config.labels} has only {len(self._own_labels)} lines; give a "
                "label for each line"
            )
        return self._own_labels[number - 1]
