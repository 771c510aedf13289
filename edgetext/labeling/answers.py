"""The answers to the rows of a chunk, in the forms that the outputs write."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from edgetext.labeling.arrow import answers_of, array_of
from edgetext.labeling.cells import cell
from edgetext.tasks.columns import Column, Columns, Labels, Scalars, Texts, objects, to_json

T = TypeVar("T")
Answer = Mapping[str, Any] | None


class Answers(ABC):
    """types: those of the fields, by the names that they have in the file (see
    `Answering.json_types`). A row without a text has no answer: all its fields are empty."""

    @abstractmethod
    def fields(self, types: Mapping[str, Any]) -> list[str]:
        """Write for each row the fields of a JSON object, with the brace behind them."""

    @abstractmethod
    def cells(self, types: Mapping[str, Any]) -> list[list[str]]:
        """Write for each field the cells of a column of CSV."""

    @abstractmethod
    def arrays(self, types: Mapping[str, Any]) -> list[Any]:
        """Give for each field a pyarrow.Array."""


class EachAnswer(Answers):
    """An object a row; None for a row without a text."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.answers = answers

    def fields(self, types: Mapping[str, Any]) -> list[str]:
        nothing = dict.fromkeys(types)
        return [to_json(nothing if x is None else x)[1:].decode() for x in self.answers]

    def cells(self, types: Mapping[str, Any]) -> list[list[str]]:
        return [
            ["" if answer is None else _answer_cell(answer.get(name)) for answer in self.answers]
            for name in types
        ]

    def arrays(self, types: Mapping[str, Any]) -> list[Any]:
        return answers_of(self.answers, types)


class InColumns(Answers):
    """A column a field. places: int64[N], the rows that the columns are of, in their order; None
    for all rows. rows: how many there are."""

    def __init__(self, columns: Columns, places: np.ndarray | None, rows: int) -> None:
        self.columns = columns
        self.places = places
        self.rows = rows

    def fields(self, types: Mapping[str, Any]) -> list[str]:
        nothing = to_json(dict.fromkeys(types))[1:].decode()
        return self._of_all_rows(list(objects(self.columns, "", "}")), nothing)

    def cells(self, types: Mapping[str, Any]) -> list[list[str]]:
        return [self._of_all_rows(_cells(self.columns[name]), "") for name in types]

    def arrays(self, types: Mapping[str, Any]) -> list[Any]:
        import pyarrow

        arrays = [array_of(self.columns[name], kind) for name, kind in types.items()]
        if self.places is None:
            return arrays
        # A place that is null takes a null.
        taken: list[int | None] = [None] * self.rows
        for number, place in enumerate(self.places.tolist()):
            taken[place] = number
        return [array.take(pyarrow.array(taken, pyarrow.int64())) for array in arrays]

    def _of_all_rows(self, values: list[T], nothing: T) -> list[T]:
        if self.places is None:
            return values
        each = [nothing] * self.rows
        for place, value in zip(self.places.tolist(), values, strict=True):
            each[place] = value
        return each


def _answer_cell(value: Any) -> str:
    """Write a value of an answer, whose lists and objects hold nothing but JSON values."""
    return to_json(value).decode() if isinstance(value, list | dict) else cell(value)


def _cells(column: Column) -> list[str]:
    """Write values as `_answer_cell` does."""
    if isinstance(column, Labels):
        return column.values()
    if isinstance(column, Texts):
        return column.values
    if isinstance(column, Scalars):
        return list(map(cell, column.values))
    return column.json()
