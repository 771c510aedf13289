"""Texts with none, one or several labels: a list, a number a label, or a cell with a separator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example

# Cells that say whether a text has the label of their column, in small letters.
_YES, _NO = ("1", "1.0", "true", "yes", "x"), ("0", "0.0", "false", "no", "")
# A share of 0 to 1, as annotators agree, says yes from here.
_ENOUGH = 0.5


def with_labels(example: Example, labels: Iterable[str]) -> Example:
    """Give the example these labels, each once, in their order; EdgetextError for an empty one."""
    each = tuple(dict.fromkeys(label.strip() for label in labels))
    if "" in each:
        raise EdgetextError(
            f"{example.source}: a label is empty; write one, or take its place out of the list"
        )
    return replace(example, intent=each[0] if len(each) == 1 else None, intents=each)


def are_several(value: Any) -> bool:
    """Tell whether a JSON value lists labels: texts or whole numbers, or an object with a number or
    a truth value for each."""
    if isinstance(value, list):
        return all(_is_label(item) for item in value)
    return isinstance(value, dict) and all(
        isinstance(item, (int, float)) for item in value.values()
    )


def listed_labels(value: Sequence[str | int] | Mapping[str, float]) -> list[str]:
    """Give the labels of a value that `are_several` accepts; of an object those of half or more."""
    if isinstance(value, Mapping):
        return [label for label, share in value.items() if share >= _ENOUGH]
    return [str(label) for label in value]


def parted_labels(cell: str, separator: str) -> list[str]:
    """Give the labels of a cell such as `a|b`; an empty one has none."""
    return [label.strip() for label in cell.split(separator)] if cell.strip() else []


def marked_labels(cells: Mapping[str, Any], source: str) -> list[str]:
    """Give the labels whose columns say yes; EdgetextError for a cell that says neither."""
    marked = []
    for label, cell in cells.items():
        word = str("" if cell is None else cell).strip().lower()
        if word not in (*_YES, *_NO):
            raise EdgetextError(
                f"{source}: the column {label} says {cell!r:.60}, and with a column for each "
                "label it is 1 where the text has the label, else 0"
            )
        if word in _YES:
            marked.append(label)
    return marked


def is_mark(cell: Any) -> bool:
    """Tell whether a cell says 0 or 1, as columns for a label each do."""
    return (not isinstance(cell, str) and cell in (0, 1)) or cell in ("0", "1")


def _is_label(item: Any) -> bool:
    return isinstance(item, (str, int)) and not isinstance(item, bool)
