"""Answers to many texts as columns, a field each, for files of millions of rows: an object a text
would take longer than all else around the model."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from json.encoder import encode_basestring
from typing import Any, Self

import numpy as np


def to_json(value: Any) -> bytes:
    """Write a value."""
    # Imported when something is written: who predicts does not wait for it.
    from edgetext.core import json_bytes

    return json_bytes.to_json(value)


class Column(ABC):
    """The values of one field, those of the first text first."""

    @abstractmethod
    def json(self) -> list[str]:
        """Write each value as JSON, as `to_json` writes it."""

    @abstractmethod
    def take(self, places: np.ndarray) -> Self:
        """Give the values at int64[N] places, in their order."""

    @classmethod
    @abstractmethod
    def joined(cls, columns: Sequence[Self]) -> Self:
        """Give the values of one column after those of the other; there is one at least."""


Columns = Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Labels(Column):
    """numbers: int64[N], of the label that each value is; names: of all labels."""

    names: Sequence[str]
    numbers: np.ndarray

    def values(self) -> list[str]:
        """Give the labels."""
        names = self.names
        return [names[number] for number in self.numbers.tolist()]

    def json(self) -> list[str]:
        written = [to_json(name).decode() for name in self.names]
        return [written[number] for number in self.numbers.tolist()]

    def take(self, places: np.ndarray) -> Labels:
        return Labels(self.names, self.numbers[places])

    @classmethod
    def joined(cls, columns: Sequence[Labels]) -> Labels:
        return cls(columns[0].names, np.concatenate([column.numbers for column in columns]))


@dataclass(frozen=True, slots=True)
class Values(Column):
    """Values as they are."""

    values: list[Any]

    def take(self, places: np.ndarray) -> Self:
        return type(self)([self.values[place] for place in places.tolist()])

    @classmethod
    def joined(cls, columns: Sequence[Self]) -> Self:
        return cls(list(chain.from_iterable(column.values for column in columns)))


class Scalars(Values):
    """Numbers, all int or all float, or truth values."""

    __slots__ = ()

    def json(self) -> list[str]:
        return to_json(self.values)[1:-1].decode().split(",") if self.values else []


class Texts(Values):
    """Pieces of texts."""

    __slots__ = ()

    def json(self) -> list[str]:
        return list(map(encode_basestring, self.values))


@dataclass(frozen=True, slots=True)
class Objects(Column):
    """Lists of objects. counts: int64[N], how many each list has; fields: the columns of all
    objects, those of the first list first."""

    counts: np.ndarray
    fields: Columns

    def json(self) -> list[str]:
        each = list(objects(self.fields, "{", "}")) if self.fields else []
        ends = self.counts.cumsum().tolist()
        return [f"[{','.join(each[a:b])}]" for a, b in zip([0, *ends], ends, strict=False)]

    def take(self, places: np.ndarray) -> Objects:
        counts = self.counts[places]
        starts = (self.counts.cumsum() - self.counts)[places]
        # Each object's place: the start of its list, and its number in it.
        inside = np.arange(counts.sum()) - np.repeat(counts.cumsum() - counts, counts)
        objects = np.repeat(starts, counts) + inside
        return Objects(counts, {name: x.take(objects) for name, x in self.fields.items()})

    @classmethod
    def joined(cls, columns: Sequence[Objects]) -> Objects:
        counts = np.concatenate([column.counts for column in columns])
        return cls(counts, joined([column.fields for column in columns]))


def objects(columns: Columns, begin: str, end: str) -> Iterator[str]:
    """Write for each text the fields of a JSON object, between what it is to begin and end with."""
    names = [to_json(name).decode().replace("%", "%%") for name in columns]
    form = begin + ",".join(f"{name}:%s" for name in names) + end
    return map(form.__mod__, zip(*[column.json() for column in columns.values()], strict=True))


def joined(parts: Sequence[Columns]) -> dict[str, Column]:
    """Join the columns of several groups of texts, of which there is one at least."""
    return {
        name: type(column).joined([part[name] for part in parts])
        for name, column in parts[0].items()
    }


def rounded(probabilities: np.ndarray) -> Scalars:
    """Round float[N] as answers are rounded."""
    return Scalars([round(x, 4) for x in probabilities.tolist()])


def truths(numbers: np.ndarray) -> Scalars:
    """Read int[N] of 0 and other numbers as truth values."""
    return Scalars(list(map(bool, numbers.tolist())))


def placed(names: Sequence[str], rows: np.ndarray, texts: Sequence[bytes]) -> Objects:
    """Give pieces of texts as `TextRange.place` does, each with its label.

    rows: int32[S, 4], the number of the text, of the label, start and end byte, in the order of the
    texts.
    """
    numbers, starts, ends = (rows[:, i].tolist() for i in (0, 2, 3))
    words = [
        texts[number][start:end].decode("utf-8", "replace")
        for number, start, end in zip(numbers, starts, ends, strict=True)
    ]
    before = starts
    if not b"".join(texts).isascii():
        before = [
            start if texts[n].isascii() else len(texts[n][:start].decode("utf-8", "replace"))
            for n, start in zip(numbers, starts, strict=True)
        ]
    behind = [start + len(piece) for start, piece in zip(before, words, strict=True)]
    return Objects(
        np.bincount(rows[:, 0], minlength=len(texts)),
        {
            "label": Labels(names, rows[:, 1]),
            "start": Scalars(starts),
            "end": Scalars(ends),
            "char_start": Scalars(before),
            "char_end": Scalars(behind),
            "text": Texts(words),
        },
    )
