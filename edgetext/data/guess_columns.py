"""Which columns of a table hold what: told from the header's names, else from what repeats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.data.choices import NO_CHOICE, Choices
from edgetext.data.columns import LABEL, TEXT, Column, has_header, label_of, marks_of, text_of
from edgetext.data.formats.rows import Row, read_rows
from edgetext.data.lines import read_lines
from edgetext.data.sample import evenly

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
# So many rows, evenly out of all, are looked at.
_SAMPLE = 10_000
_OWN_DELIMITERS = {".tsv": "\t", ".csv": ","}
Rows = list[list[str]]


def text_columns(
    path: Path, delimiter: str, choices: Choices = NO_CHOICE, labeled: bool = True
) -> dict[str, Any]:
    """Give the fields of the readers csv and tsv; see `row_columns`."""
    rows, quoting = _quoted_rows(path, delimiter, choices)
    return row_columns(path, rows, choices, labeled, quoting)


def row_columns(
    path: Path,
    rows: Rows,
    choices: Choices = NO_CHOICE,
    labeled: bool = True,
    quoting: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Give the fields that say which columns of rows of equal width are which.

    labeled: whether a label is asked for. quoting: fields of the reader that are known.
    EdgetextError, a question with the choices, where it is not clear which column is which.
    """
    quoting = dict(quoting or {})
    if not rows or len(rows[0]) < 2:
        alone = rows and rows[0][0].strip().lower() in TEXT
        return {"label": None} if alone and choices.label is None else quoting
    named = choices.said("header")
    if named is None:
        said = (choices.said("text"), choices.said("label"))
        named = any(isinstance(v, str) and v in map(str.strip, rows[0]) for v in said)
        named = named or has_header(path, rows, (*TEXT, *LABEL))
    names = [cell.strip() for cell in rows[0]] if named else []
    columns = _columns(names, rows[1:] if named else rows)
    text = _said(columns, choices.said("text")) or text_of(path, columns)
    label = _said(columns, choices.said("label"))
    marks = marks_of(columns, text) if label is None and labeled else []
    if isinstance(choices.said("label"), list):
        marks = choices.said("label")
    if label is None and labeled and not marks:
        label = label_of(path, columns, text)
    if label is not None and label.place < len(columns):
        separator = columns[label.place].separator
        if separator is not None and "label_separator" not in choices.fields:
            quoting["label_separator"] = separator
    fields = {"text": text, "label": label}
    refs: dict[str, Any] = {
        option: column.name if column.name and names.count(column.name) <= 1 else column.place
        for option, column in fields.items()
        if column is not None
    }
    if marks:
        refs["label"] = marks
    if named and not any(isinstance(ref, int) for ref in refs.values()):
        refs = {option: ref for option, ref in refs.items() if ref != option}
        return refs | quoting
    return refs | {"header": bool(named)} | quoting


def pair_columns(path: Path, delimiter: str, choices: Choices = NO_CHOICE) -> dict[str, Any]:
    """Give the fields of the reader pairs: the two longest columns, in their order, are the texts
    and what repeats most is the label, unless names or choices say otherwise.

    EdgetextError for under three columns.
    """
    quote = '"' if delimiter == "," else ""
    form = {} if delimiter == "\t" else {"delimiter": delimiter, "quote": quote}
    return row_pairs(path, _rows(path, delimiter, quote), choices, form)


def row_pairs(path: Path, rows: Rows, choices: Choices, form: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of pairs of rows of equal width; form: fields of the reader that are known.

    EdgetextError for under three columns.
    """
    if not rows:
        return {}  # the reader says what is wrong with them
    width = len(rows[0])
    if width < 3:
        raise EdgetextError(
            f"{path}: {width} column(s); pairs need two texts and a label in each row"
        )
    header = [cell.strip() for cell in rows[0]]
    fields = dict(form)
    named = pair_names(header)
    if named is not None:
        texts = [header.index(name) for name in named[:2]]
        label = header.index(named[2]) if named[2] is not None else _fewest(rows, texts)
    else:
        texts = sorted(_longest(rows)[:2])
        label = _fewest(rows, texts)
    if choices.label in header:
        label = header.index(str(choices.label))
    columns = [*texts, label]
    titled = named is not None or _is_title(rows, label) or choices.label in header
    titled = titled if choices.header is None else choices.header
    if titled and all(header) and len(set(header)) == width:
        return {**fields, **_pair_fields([header[column] for column in columns])}
    if columns != [0, 1, 2] or titled:
        fields |= _pair_fields(columns)
    return {**fields, "header": True} if titled else fields


def pair_names(names: Sequence[str]) -> tuple[str, str, str | None] | None:
    """Those of two texts and of their label, None where it is not known; None without two texts."""
    for pair in _PAIRS:
        text, text_b = (_named(names, (name,)) for name in pair)
        if text is not None and text_b is not None:
            rest = [name for name in names if name not in (text, text_b)]
            return text, text_b, _named(rest, _PAIR_LABEL)
    return None


def delimiter_of(
    path: Path, lines: Sequence[bytes], choices: Choices = NO_CHOICE, by_name_alone: bool = False
) -> str | None:
    """Tell what stands between the cells of a table: by its name, unless another mark stands as
    often in nearly all lines and this one does not; None where the file is none."""
    if choices.said("delimiter") is not None:
        return {"\\t": "\t", "tab": "\t"}.get(choices.said("delimiter"), choices.said("delimiter"))
    suffixes = [suffix.lower() for suffix in path.suffixes]
    by_suffix = next((mark for suffix, mark in _OWN_DELIMITERS.items() if suffix in suffixes), None)
    if by_suffix is not None:
        counts = {mark: [line.count(mark.encode()) for line in lines] for mark in "\t;|,"}
        if 10 * sum(count > 0 for count in counts[by_suffix]) < 9 * len(lines):
            for mark, found in counts.items():
                usual = max(set(found), key=found.count)
                if usual and 10 * found.count(usual) >= 9 * len(lines):
                    return mark
        return by_suffix
    everywhere = (mark for mark in "\t," if all(mark.encode() in line for line in lines))
    return None if by_name_alone else next(everywhere, None)


def _said(columns: Sequence[Column], value: Any) -> Column | None:
    """The column of a name or a number, if anything was said; the reader names one that is not
    there."""
    if value is None or isinstance(value, list):
        return None
    for column in columns:
        if value in (column.name, column.place) or (
            column.name is None and str(value) == str(column.place)
        ):
            return column
    by_number = [c for c in columns if str(c.place) == str(value)]
    return by_number[0] if by_number else Column(len(columns), str(value), ())


def _columns(names: Sequence[str], rows: Rows) -> list[Column]:
    cells = list(zip(*rows, strict=True)) or [()] * len(names)
    return [Column(i, names[i] if names else None, each) for i, each in enumerate(cells)]


def _quoted_rows(path: Path, delimiter: str, choices: Choices) -> tuple[Rows, dict[str, Any]]:
    """The rows, and the field `quote` where another than the reader's default reads more rows."""
    usual = "" if delimiter == "\t" else '"'
    if "quote" in choices.fields:
        return _rows(path, delimiter, choices.fields["quote"]), {}
    rows, bad = _read(path, delimiter, usual)
    # Where most of the quotes are read well, the others are errors that the reader names.
    if bad and (usual == "" or 2 * bad > _lines_with(path, usual)):
        other = '"' if usual == "" else ""
        others, worse = _read(path, delimiter, other)
        if worse == 0:
            return others, {"quote": other}
    return rows, {}


def _lines_with(path: Path, mark: str) -> int:
    return sum(mark.encode() in row for _, row in read_lines(path))


def _rows(path: Path, delimiter: str, quote: str) -> Rows:
    return _read(path, delimiter, quote)[0]


def _read(path: Path, delimiter: str, quote: str) -> tuple[Rows, int]:
    """A sample of the rows that can be read and are as wide as the first, and how many are not."""
    return sampled(read_rows(path, delimiter, quote))


def sampled(rows: Iterable[Row]) -> tuple[Rows, int]:
    """Keep the first and, evenly out of all, up to _SAMPLE of the rows that can be read and are as
    wide as it; count those that are not."""
    bad = width = 0

    def good() -> Iterator[list[str]]:
        nonlocal bad, width
        for _, cells in rows:
            if not isinstance(cells, list) or (width and len(cells) != width):
                bad += 1
                continue
            width = len(cells)
            yield cells

    return evenly(good(), _SAMPLE), bad


def _named(header: Sequence[str], names: Sequence[str]) -> str | None:
    """The first of the header's names that is one of `names`, in whatever case."""
    return next((name for name in header if name.lower() in names), None)


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
