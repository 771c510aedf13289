"""Which reader a user's file is for, told from its name and a sample of its lines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from edgetext.core.errors import EdgetextError
from edgetext.data.choices import NO_CHOICE, Choices
from edgetext.data.columns import TEXT
from edgetext.data.formats.arrow_rows import is_arrow, sample
from edgetext.data.formats.json_items import is_list, listed
from edgetext.data.guess_columns import delimiter_of, pair_columns, pair_names, text_columns
from edgetext.data.guess_fields import object_fields
from edgetext.data.guess_formats import document_type, folder_type, lines_type, others_in
from edgetext.data.guess_records import guess_records
from edgetext.data.lines import blocks, read_lines
from edgetext.data.looks import check_text, described
from edgetext.data.reader import BaseReader, build_reader
from edgetext.data.sample import evenly
from edgetext.registry import lookup, names

_LONG = ("source", "article", "document", "abstract", "dialogue", "body", "text")
_SUMMARY = ("target", "summary", "summaries", "highlights", "tldr")
_TAG = re.compile(rb"(?:O|[BIESLU]-\S+)\s*")
_SLOTS = re.compile(rb"[^\t]+\t(?:\s*\d+:\d+:[^\t,]+,?)*\t[^\t]+")
_TREE = re.compile(rb"(?:[^\t]+\t){1,2}\[[^\s\]]+ [^\t]*\]\s*")
_LOOKED_AT = 200  # lines


@dataclass(frozen=True, slots=True)
class Guess:
    """A reader's type and the fields of its Config that differ from the defaults."""

    type: str
    fields: dict[str, Any] = field(default_factory=dict)

    def reader(self) -> BaseReader:
        """Build the reader; EdgetextError when its Config refuses the fields."""
        try:
            return build_reader(self.type, self.fields)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(map(str, first["loc"])) or "fields"
            component: Any = lookup("reader", self.type)
            raise EdgetextError(
                f"data type {self.type}: {name}: {first['msg']}; known fields: "
                f"{', '.join(component.Config.model_fields) or 'none'}"
            ) from error


Guesser = Callable[[Path, Choices], Guess]


def chosen(guesser: Guesser, path: Path, choices: Choices) -> Guess:
    """Guess the reader of a file as far as nothing was said about it.

    EdgetextError where the reader has no such thing as was said.
    """
    guessed = Guess(choices.type) if choices.type else guesser(path, choices)
    component: Any = lookup("reader", guessed.type)
    options = component.options
    fields = dict(guessed.fields)
    for option, value in choices.options().items():
        if option not in options:
            raise EdgetextError(
                f"{path}: data type {guessed.type} has no --{option}; leave it out, or name "
                "another reader with --type"
            )
        # A guess has looked at the file, and knows a column's number from a name.
        if option not in ("text", "label") or options[option] not in fields:
            fields[options[option]] = int(value) if _is_number(value) else value
    return Guess(guessed.type, {**fields, **choices.fields})


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"-?\d+", value) is not None


def guess(path: Path, choices: Choices = NO_CHOICE, learns: Collection[str] | None = None) -> Guess:
    """Guess the reader of a file whatever it is for; EdgetextError when it is missing or like none
    of the readers."""
    if (named := _named_rows(path)) is not None:
        return named
    if (known := guess_records(path, choices, learns)) is not None:
        return Guess(*known)
    if path.is_dir():
        return guess_form(path)
    return _by_names(path, _lines(path), choices) or guess_form(path, choices, learns)


def guess_pairs(path: Path, choices: Choices = NO_CHOICE) -> Guess:
    """Guess the reader of pairs of texts: a table, or objects; else pairs made of texts with
    intents."""
    if (known := guess_records(path, choices, paired=True)) is not None:
        return Guess(*known)
    if path.is_dir():
        return _made_pairs(path, guess_form(path))
    return _pairs(path, _lines(path), choices)


def guess_questions(path: Path, choices: Choices = NO_CHOICE) -> Guess:
    """Guess the reader of questions about passages."""
    if is_arrow(path):
        return Guess("squad")
    if path.is_dir():
        return guess_form(path)
    _lines(path)
    return Guess("squad")


def guess_summaries(path: Path, choices: Choices = NO_CHOICE) -> Guess:
    """Guess the reader of texts and their summaries."""
    if is_arrow(path):
        return _summaries(_columns(path))
    return guess_form(path) if path.is_dir() else _summaries(_keys(path, _lines(path)))


def guess_text(path: Path, choices: Choices = NO_CHOICE) -> Guess:
    """Guess the reader of texts alone: every file of text may be plain text."""
    if (known := guess_records(path, choices, paired=False, labeled=False)) is not None:
        return Guess(*known)
    return guess_form(path) if path.is_dir() else _plain_text(path, _lines(path), choices)


def guess_form(
    path: Path, choices: Choices = NO_CHOICE, learns: Collection[str] | None = None
) -> Guess:
    """Guess the reader of texts with labels, spans or trees, by the form of the lines.

    learns: what the task has labels of ("intents", "slots", "nodes"), None where there is no task.
    EdgetextError, a question with the choices, where columns or fields may be one or another.
    """
    if (records := guess_records(path, choices, learns, paired=False)) is not None:
        return Guess(*records)
    if path.is_dir():
        if any((path / name).exists() for name in ("seq.in", "seq.in.gz")):
            return Guess("seq_folder")
        if (known := folder_type(path)) is not None:
            return Guess(known)
        raise EdgetextError(
            f"{path}: this folder has neither seq.in nor a file called train{others_in(path)}; "
            "name the files of each split, as in `--train FILE --test FILE`"
        )
    lines = _lines(path)
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if (known := lines_type(path, lines)) is not None:
        return Guess(known)
    if _is_json(lines):
        return _json(path, lines, choices, learns)
    if any(b" <=> " in line for line in lines[:5]):
        return Guess("mtod")
    if ".conllu" in suffixes:
        return Guess("conllu")
    if _is_tagged(path, lines, suffixes, learns):
        return Guess("conll")
    if _most(_SLOTS, lines):
        return Guess("pytext_tsv")
    if _most(_TREE, lines):
        return Guess("top")
    delimiter = delimiter_of(path, lines, choices)
    if delimiter is not None:
        return _table(path, delimiter, choices)
    raise EdgetextError(
        f"{path}: this is like no format that edgetext knows; it begins {described(lines[0])}; "
        f"name its reader with --type: {', '.join(names('reader'))}"
    )


def _table(path: Path, delimiter: str, choices: Choices, labeled: bool = True) -> Guess:
    """Guess the columns of a table; labeled: see text_columns."""
    fields = {} if delimiter in "\t," else {"delimiter": delimiter}
    columns = text_columns(path, delimiter, choices, labeled=labeled)
    return Guess("tsv" if delimiter == "\t" else "csv", {**fields, **columns})


def _is_tagged(
    path: Path, lines: Sequence[bytes], suffixes: Sequence[str], learns: Collection[str] | None
) -> bool:
    """Whether a file has a word and its tag a line, with blank lines between texts."""
    words = [line for line in lines if not line.startswith(b"#")]
    tagged = sum(bool(_TAG.fullmatch(re.split(rb"[\t ]", line.rstrip())[-1])) for line in words)
    if {".conll", ".iob", ".bio"} & set(suffixes) or tagged > 0.9 * len(words) > 0:
        return True
    if learns is not None and "slots" not in learns:
        return False
    cells = [re.split(rb"\t" if b"\t" in words[0] else rb" +", line) for line in words[:_LOOKED_AT]]
    alike = len({len(row) for row in cells}) == 1 and len(cells[0]) > 1
    # Words have no spaces in them, and blank lines stand between texts of several.
    if not alike or any(b" " in row[0].strip() for row in cells):
        return False
    groups = sum(1 for _ in blocks(read_lines(path)))
    return groups > 1 and len(lines) >= 2 * groups


def _lines(path: Path) -> list[bytes]:
    """The first that are not blank and, of the others, as many evenly out of all.

    EdgetextError for a file without lines, or one that is no text.
    """
    check_text(path)
    rows = (row for _, row in read_lines(path) if row.strip())
    lines = list(islice(rows, _LOOKED_AT))
    if not lines:
        raise EdgetextError(f"{path}: the file is empty; give one with examples")
    return lines + evenly(rows, 2 * _LOOKED_AT)


def _json(
    path: Path, lines: Sequence[bytes], choices: Choices, learns: Collection[str] | None
) -> Guess:
    whole = b" ".join(lines[:_LOOKED_AT])
    if re.search(rb'"paragraphs"\s*:', whole):
        return Guess("squad")
    if re.match(rb'\{\s*"\w+"\s*:\s*\[\s*(\[|$)', b" ".join(lines[:3]).strip()):
        return Guess("clinc150")
    if (known := document_type(path, lines)) is not None:
        return Guess(known)
    return Guess("jsonl", object_fields(path, _objects(path, lines), choices, learns))


def _objects(path: Path, lines: Sequence[bytes]) -> list[dict[str, Any]]:
    """The objects that lines hold, without those that hold none; or those of one list."""
    values = []
    if is_list(lines[0]):
        items = [value for _, value in listed(path)]
        step = max(1, len(items) // _LOOKED_AT)
        return [value for value in items[::step] if isinstance(value, dict)]
    for line in lines:
        try:
            values.append(json.loads(line))
        except ValueError:
            continue
    return [value for value in values if isinstance(value, dict)]


def _by_names(path: Path, lines: Sequence[bytes], choices: Choices) -> Guess | None:
    """Of what the first line's names say to be pairs or summaries."""
    keys = _keys(path, lines)
    if {"source", "target"} <= set(keys):
        return _summaries(keys)
    if not keys:
        header = lines[0].decode("utf-8", "replace").split(delimiter_of(path, lines, choices))
        keys = [cell.strip(' "') for cell in header]
    named = pair_names(keys)
    return _pairs(path, lines, choices) if named is not None and named[2] is not None else None


def _pairs(path: Path, lines: Sequence[bytes], choices: Choices) -> Guess:
    """Two texts and a label, a row or an object a line; else pairs made of texts with intents."""
    named = pair_names(_keys(path, lines))
    if named is not None:
        text, text_b, label = named
        label = choices.label or label
        if label is None:
            raise EdgetextError(
                f"{path}: which of the fields {', '.join(_keys(path, lines))} is the label of "
                f"{text} and {text_b}? call it label, or say it with --label"
            )
        return Guess("jsonl", {"text": text, "text_b": text_b, "intent": label, "spans": None})
    delimiter = delimiter_of(path, lines, choices)
    if delimiter is None or _is_json(lines) or _most(_SLOTS, lines) or _most(_TREE, lines):
        return _made_pairs(path, guess_form(path))
    return Guess("pairs", pair_columns(path, delimiter, choices))


def _made_pairs(path: Path, texts: Guess) -> Guess:
    """Pairs of texts that have the same intent, or another."""
    if texts.fields or texts.type in ("conll", "conllu", "squad", "top"):
        raise EdgetextError(
            f"{path}: pairs have two texts and a label each; give a table with three columns, or "
            "JSON Lines with the fields text, text_b and label"
        )
    return Guess("intent_pairs", {"of": texts.type})


def _named_rows(path: Path) -> Guess | None:
    """Of what the columns of Arrow's rows say to be questions or summaries."""
    columns = set(_columns(path)) if is_arrow(path) else set()
    if {"question", "context"} <= columns:
        return Guess("squad")
    return Guess("summaries") if {"source", "target"} <= columns else None


def _columns(path: Path) -> list[str]:
    """The columns of Arrow's rows; none where there is no row."""
    return list(next(iter(sample(path, 1)), {}))


def _summaries(keys: Sequence[str]) -> Guess:
    """A text and its summaries, by the names of the fields."""
    fields = {}
    for option, usual in (("source", _LONG), ("target", _SUMMARY)):
        found = next((name for name in usual if name in keys), None)
        if found is not None and found != option:
            fields[option] = found
    return Guess("summaries", fields)


def _plain_text(path: Path, lines: Sequence[bytes], choices: Choices) -> Guess:
    """The texts of whatever file: of objects and tables the column of the text, else the lines."""
    if _is_object(lines):
        keys = _keys(path, lines)
        text = next((name for name in TEXT if name in keys), "text")
        own = {} if text == "text" else {"text": text}
        return Guess("jsonl", {**own, "intent": None, "spans": None})
    delimiter = delimiter_of(path, lines, choices, by_name_alone=True)
    if delimiter is not None:
        table = _table(path, delimiter, choices, labeled=False)
        return Guess(table.type, {**table.fields, "label": None})
    fields: dict[str, Any] = {}
    if any(b" @-@ " in line for line in lines):
        fields["wikitext"] = True
    if any(b"<unk>" in line.split() for line in lines):
        fields["unknown"] = "<unk>"
    return Guess("text", fields)


def _is_object(lines: Sequence[bytes]) -> bool:
    return lines[0].lstrip().startswith(b"{")


def _is_json(lines: Sequence[bytes]) -> bool:
    """Whether the file begins with an object, or with a list of objects."""
    begin = b" ".join(lines[:2]).lstrip()
    return _is_object(lines) or (begin[:1] == b"[" and begin[1:].lstrip()[:1] == b"{")


def _most(pattern: re.Pattern[bytes], lines: Sequence[bytes]) -> bool:
    """Whether a pattern is that of nearly all lines."""
    return sum(bool(pattern.fullmatch(line)) for line in lines) > 0.9 * len(lines)


def _keys(path: Path, lines: Sequence[bytes]) -> list[str]:
    """The fields of the first object; none where the file holds none."""
    objects = _objects(path, lines[:1]) if _is_json(lines) else []
    return list(objects[0]) if objects else []
