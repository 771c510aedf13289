"""What the columns of a table, or the fields of objects, hold: told from the values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.data.no_label import NO_LABEL
from edgetext.data.several_labels import is_mark

TEXT = ("text", "utterance", "sentence", "query", "request", "message", "question")
LABEL = ("label", "intent", "category", "class", "labels", "intents")
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")
_NAME = re.compile(r"[^\W\d][\w.\-/()#:]{0,39}")
_IDS = ("id", "_id", "idx", "index", "uid", "guid", "uuid", "")
SEPARATOR = "|"
# Fewer rows say nothing about what repeats.
ENOUGH = 8


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its place and, where the table has a header, its name; or a field by its name."""

    place: int
    name: str | None
    cells: Sequence[str]

    @property
    def called(self) -> str:
        return f"column {self.place}" if self.name is None else self.name

    @property
    def kinds(self) -> int:
        """How many different cells there are."""
        return len(set(self.cells))

    @property
    def length(self) -> float:
        """Characters of a cell, on average."""
        return sum(map(len, self.cells)) / max(1, len(self.cells))

    @property
    def numeric(self) -> bool:
        return bool(self.cells) and all(_NUMBER.fullmatch(cell.strip()) for cell in self.cells)

    @property
    def separator(self) -> str | None:
        """What stands between several labels in a cell: where cells have it, and the labels that it
        parts are fewer than the cells tell apart."""
        if not any(SEPARATOR in cell for cell in self.cells):
            return None
        labels = {label.strip() for cell in self.cells for label in cell.split(SEPARATOR)}
        return SEPARATOR if len(labels) < self.kinds or "" in labels else None

    @property
    def parted(self) -> Column:
        """The same with a cell for each label; itself where a cell has one."""
        separator = self.separator
        if separator is None:
            return self
        cells = [label for cell in self.cells if cell.strip() for label in cell.split(separator)]
        return Column(self.place, self.name, cells)

    @property
    def counts_rows(self) -> bool:
        """Whether it tells the rows apart and says nothing else."""
        apart = self.kinds == len(self.cells) and len(self.cells) > 1
        return apart and (self.numeric or (self.name or "-").strip().lower() in _IDS)

    @property
    def poor(self) -> str:
        """Why it can hardly be a label: in words, or empty."""
        empty = sum(cell.strip().lower() in NO_LABEL for cell in self.cells)
        if len(self.cells) < ENOUGH:
            return ""
        if self.kinds == 1:
            return f"1 kind, {self.cells[0]!r:.30}"
        if 2 * self.kinds > len(self.cells):
            return f"{self.kinds:,} kinds in {len(self.cells):,} rows"
        return f"{empty:,} of {len(self.cells):,} are empty" if empty else ""

    def reads_like(self, text: Column) -> bool:
        """Tell whether the cells differ, and are half as long as those of a text or longer."""
        differ = len(self.cells) >= ENOUGH and 2 * self.kinds > len(self.cells)
        return differ and 2 * self.length > text.length

    def __str__(self) -> str:
        common = Counter(self.cells).most_common(1)[0][0] if self.cells else ""
        return f"{self.called} ({self.poor or f'{self.kinds:,} kinds, as {common!r:.30}'})"


def text_of(path: Path, columns: Sequence[Column]) -> Column | None:
    """Choose the column of the text: by its name, else the longest.

    EdgetextError, a question with the choices, where two are alike.
    """
    named = [c for c in columns if (c.name or "").lower() in TEXT]
    if not named:
        rest = [c for c in columns if not c.numeric and not c.counts_rows] or list(columns)
        rest.sort(key=lambda c: -c.length)
        named = [c for c in rest if c is rest[0] or c.reads_like(rest[0])]
    if len(named) > 1:
        raise question(path, "text", named)
    return named[0] if named else None


def label_of(path: Path, columns: Sequence[Column], text: Column | None) -> Column | None:
    """Choose the column of the label: by its name, else the only one beside the text.

    Of cells with several labels each label counts. EdgetextError, a question with the choices, for
    two that may be it, or one that hardly is.
    """
    rest = [c.parted for c in columns if c is not text]
    named = [c for c in rest if (c.name or "").lower() in LABEL]
    choices = named or [c for c in rest if not c.counts_rows] or rest
    if len(choices) > 1 or (choices and choices[0].poor and (not named or len(rest) > 1)):
        raise question(path, "label", choices if len(choices) > 1 else rest)
    return choices[0] if choices else None


def marks_of(columns: Sequence[Column], text: Column | None) -> list[str]:
    """Name the columns that say 0 or 1, a label each, where there are two or more and no other
    column that may be the label."""
    rest = [c for c in columns if c is not text and not c.counts_rows]
    marks = [c.name for c in rest if c.name and c.cells and all(map(is_mark, c.cells))]
    return marks if len(marks) == len(rest) > 1 else []


def question(path: Path, option: str, choices: Sequence[Column]) -> EdgetextError:
    """Ask in one sentence which of some columns it is."""
    first = next((c for c in choices if not c.poor), choices[0])
    value = first.place if first.name is None else first.name
    return EdgetextError(
        f"{path}: which column or field is the {option}: {', '.join(map(str, choices))}? "
        f"say it, as in `--{option} {value}`"
    )


def has_header(path: Path, rows: Sequence[Sequence[str]], known: Sequence[str]) -> bool:
    """Tell whether the first of the rows, which are as wide as it, names the columns.

    It does with one of the `known` names (in small letters), where a column of numbers begins with
    none, or where its cells look like names and its label is unlike all others, which repeat.
    EdgetextError, a question, where it may be either.
    """
    first = [cell.strip() for cell in rows[0]]
    if len(set(first)) < len(first):
        return False
    if any(cell.lower() in known for cell in first):
        return True
    columns = [Column(i, None, cells) for i, cells in enumerate(zip(*rows[1:], strict=True))]
    if len(rows) < ENOUGH or not all(_NAME.fullmatch(cell) or not cell for cell in first):
        return False
    if any(c.numeric and not _NUMBER.fullmatch(first[c.place]) for c in columns):
        return True
    labels = [c for c in columns if 2 * c.kinds <= len(c.cells)]
    unlike = [c for c in labels if first[c.place] not in c.cells]
    if not labels or len(unlike) < len(labels):
        return False
    if all(min(Counter(c.cells).values()) > 1 for c in unlike):
        return True
    raise EdgetextError(
        f"{path}: does line 1 name the columns ({', '.join(first)}), or is it a text of its own? "
        "say it with --header or --no-header"
    )
