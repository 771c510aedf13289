"""Which columns of a table hold what: told from the header's names, else from what repeats."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.data.formats.rows import read_rows

TEXT = ("text", "utterance", "sentence", "query", "request", "message", "question")
LABEL = ("label", "intent", "category", "class", "labels", "intents")
# Of published pairs: PAWS, GLUE, Quora, SNLI, SICK, MS MARCO.
_PAIRS = (
    ("text", "text_b"),
    ("text_a", "text_b"),
    ("text1", "text2"),
    ("sentence1", "sentence2"),
    ("sentence_a", "sentence_b"),
    ("question1", "question2"),
    ("premise", "hypothesis"),
    ("question", "sentence"),
    ("query", "passage"),
)
_PAIR_LABEL = ("label", "gold_label", "is_duplicate", "same", *LABEL)


def text_columns(path: Path, delimiter: str) -> dict[str, Any]:
    """Fields of the readers csv and tsv. Without names that say it, the label is what repeats most
    and the text the longest."""
    rows = _rows(path, delimiter, '"')
    if not rows or len(rows[0]) < 2:
        return {"label": None} if rows and rows[0][0].strip().lower() in TEXT else {}
    header = [cell.strip() for cell in rows[0]]
    text = _named(header, TEXT)
    label = _named([name for name in header if name != text], LABEL)
    if text is not None and label is not None:
        fields = {"text": text, "label": label}
        return {name: value for name, value in fields.items() if name != value}
    longest = _longest(rows)[0]
    return {"text": longest, "label": _fewest(rows, [longest]), "header": False}


def pair_columns(path: Path, delimiter: str) -> dict[str, Any]:
    """Fields of the reader pairs: the two longest columns, in their order, are the texts and what
    repeats most is the label, unless names say otherwise. EdgetextError for under three columns.
    """
    quote = '"' if delimiter == "," else ""
    rows = _rows(path, delimiter, quote)
    if not rows:
        return {}  # the reader says what is wrong with them
    width = len(rows[0])
    if width < 3:
        raise EdgetextError(
            f"{path}: {width} column(s); pairs need two texts and a label in each row"
        )
    header = [cell.strip() for cell in rows[0]]
    fields: dict[str, Any] = {"delimiter": delimiter, "quote": quote} if quote else {}
    named = pair_names(header)
    if named is not None:
        texts = [header.index(name) for name in named[:2]]
        label = header.index(named[2]) if named[2] is not None else _fewest(rows, texts)
    else:
        texts = sorted(_longest(rows)[:2])
        label = _fewest(rows, texts)
    columns = [*texts, label]
    has_header = named is not None or _is_title(rows, label)
    if has_header and all(header) and len(set(header)) == width:
        return {**fields, **_pair_fields([header[column] for column in columns])}
    if columns != [0, 1, 2] or has_header:
        fields |= _pair_fields(columns)
    return {**fields, "header": True} if has_header else fields


def pair_names(names: Sequence[str]) -> tuple[str, str, str | None] | None:
    """Those of two texts and of their label, None where it is not known; None without two texts."""
    for pair in _PAIRS:
        text, text_b = (_named(names, (name,)) for name in pair)
        if text is not None and text_b is not None:
            rest = [name for name in names if name not in (text, text_b)]
            return text, text_b, _named(rest, _PAIR_LABEL)
    return None


def _rows(path: Path, delimiter: str, quote: str) -> list[list[str]]:
    """The rows that can be read and are as wide as the first."""
    rows = [cells for _, cells in read_rows(path, delimiter, quote) if isinstance(cells, list)]
    return [cells for cells in rows if len(cells) == len(rows[0])]


def _named(header: Sequence[str], wanted: Sequence[str]) -> str | None:
    """The first of the header's names that is wanted, in whatever case."""
    return next((name for name in header if name.lower() in wanted), None)


def _longest(rows: Sequence[Sequence[str]]) -> list[int]:
    """The columns, those with most characters first."""
    length = [sum(map(len, column)) for column in zip(*rows, strict=True)]
    return sorted(range(len(length)), key=lambda i: -length[i])


def _fewest(rows: Sequence[Sequence[str]], without: Sequence[int]) -> int:
    """The column with the fewest different cells, some columns aside."""
    kinds = [len(set(column)) for column in zip(*rows, strict=True)]
    return min((i for i in range(len(kinds)) if i not in without), key=lambda i: kinds[i])


def _is_title(rows: Sequence[Sequence[str]], label: int) -> bool:
    """Whether the first row names the columns: its label is none of the others', which repeat."""
    first, *others = (cells[label] for cells in rows)
    return first not in others and 2 * len(set(others)) <= len(others)


def _pair_fields(columns: Sequence[str | int]) -> dict[str, Any]:
    return dict(zip(("text", "text_b", "label"), columns, strict=True))
