"""Which columns of files that are no text hold what: Parquet's, Arrow's and Excel's."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.data.choices import Choices
from edgetext.data.columns import TEXT
from edgetext.data.formats.arrow_rows import sample
from edgetext.data.formats.excel import sheet_rows
from edgetext.data.guess_columns import pair_names, row_columns, row_pairs, sampled
from edgetext.data.guess_fields import object_fields, token_fields
from edgetext.data.guess_formats import binary_type

_MOST = 400  # rows to look at


def guess_records(
    path: Path,
    choices: Choices,
    learns: Collection[str] | None = None,
    paired: bool | None = None,
    labeled: bool = True,
) -> tuple[str, dict[str, Any]] | None:
    """Give the reader's name and the fields of its Config; None for a file of text.

    paired: whether an example has two texts, None where that is not known. labeled: whether it has
    a label. EdgetextError, a question with the choices, where it is not clear which is which.
    """
    kind = binary_type(path)
    if kind == "parquet":
        return kind, _of_objects(path, choices, learns, paired, labeled)
    if kind == "docbin":
        return kind, {}  # documents have no names to choose from
    return None if kind is None else (kind, _of_sheet(path, choices, paired, labeled))


def _of_objects(
    path: Path,
    choices: Choices,
    learns: Collection[str] | None,
    paired: bool | None,
    labeled: bool,
) -> dict[str, Any]:
    rows = sample(path, _MOST)
    keys = list(rows[0]) if rows else []
    if not labeled:
        text = choices.text or next((name for name in TEXT if name in keys), "text")
        return {"text": text, "intent": None, "spans": None}
    named = None if paired is False else pair_names(keys)
    if named is not None and (paired or named[2] is not None):
        label = choices.label or named[2] or "label"
        return {"text": named[0], "text_b": named[1], "intent": label, "spans": None}
    if paired:
        raise EdgetextError(
            f"{path}: which of the columns {', '.join(keys)} are the two texts? say it, as in "
            "`--set text=premise --set text_b=hypothesis --label label`"
        )
    return token_fields(path, rows, choices, learns) or object_fields(path, rows, choices, learns)


def _of_sheet(path: Path, choices: Choices, paired: bool | None, labeled: bool) -> dict[str, Any]:
    sheet = choices.fields.get("sheet", 0)
    rows, _ = sampled(sheet_rows(path, sheet))
    named = None if paired is False or not rows else pair_names([c.strip() for c in rows[0]])
    if paired or (named is not None and named[2] is not None):
        fields = row_pairs(path, rows, choices, {})
        usual = {"text": 0, "text_b": 1, "label": 2}
        return {**usual, "header": False, **fields} if "text" not in fields else fields
    return row_columns(path, rows, choices, labeled)
