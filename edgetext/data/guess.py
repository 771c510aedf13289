"""Which reader a user's file is for, told from its name and its first lines."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from edgetext.core.errors import EdgetextError
from edgetext.data.guess_columns import LABEL, TEXT, pair_columns, pair_names, text_columns
from edgetext.data.label_name import SPANS
from edgetext.data.lines import read_lines
from edgetext.data.reader import BaseReader, build_reader
from edgetext.registry import lookup

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


def guess(path: Path) -> Guess:
    """Guess the reader of a file whatever it is for; EdgetextError when it is missing or like none
    of the readers."""
    if path.is_dir():
        return guess_form(path)
    return _by_names(path, _first_lines(path)) or guess_form(path)


def guess_pairs(path: Path) -> Guess:
    """Guess the reader of pairs of texts: a table, or objects; else pairs made of texts with
    intents."""
    if path.is_dir():
        return _made_pairs(path, guess_form(path))
    return _pairs(path, _first_lines(path))


def guess_questions(path: Path) -> Guess:
    """Guess the reader of questions about passages."""
    if path.is_dir():
        return guess_form(path)
    _first_lines(path)
    return Guess("squad")


def guess_summaries(path: Path) -> Guess:
    """Guess the reader of texts and their summaries."""
    return guess_form(path) if path.is_dir() else _summaries(_first_lines(path))


def guess_text(path: Path) -> Guess:
    """Guess the reader of texts alone: every file of text may be plain text."""
    return guess_form(path) if path.is_dir() else _plain_text(path, _first_lines(path))


def guess_form(path: Path) -> Guess:
    """Guess the reader of texts with labels, spans or trees, by the form of the lines."""
    if path.is_dir():
        if any((path / name).exists() for name in ("seq.in", "seq.in.gz")):
            return Guess("seq_folder")
        raise EdgetextError(
            f"{path}: this folder has neither seq.in nor files called train, valid and test; "
            "give the files themselves"
        )
    lines = _first_lines(path)
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if _is_object(lines):
        return _json(lines)
    if any(b" <=> " in line for line in lines[:5]):
        return Guess("mtod")
    if ".conllu" in suffixes:
        return Guess("conllu")
    words = [line for line in lines if not line.startswith(b"#")]
    tagged = sum(bool(_TAG.fullmatch(re.split(rb"[\t ]", line.rstrip())[-1])) for line in words)
    if {".conll", ".iob", ".bio"} & set(suffixes) or tagged > 0.9 * len(words) > 0:
        return Guess("conll")
    if _most(_SLOTS, lines):
        return Guess("pytext_tsv")
    if _most(_TREE, lines):
        return Guess("top")
    for kind, delimiter in (("tsv", b"\t"), ("csv", b",")):
        if f".{kind}" in suffixes or all(delimiter in line for line in lines):
            return Guess(kind, text_columns(path, delimiter.decode()))
    raise EdgetextError(
        f"{path}: this is like no format that edgetext knows; name its reader with --type"
    )


def _first_lines(path: Path) -> list[bytes]:
    """Those that are not blank."""
    lines = [row for _, row in read_lines(path) if row.strip()][:_LOOKED_AT]
    if not lines:
        raise EdgetextError(f"{path}: the file is empty; give one with examples")
    if {".json", ".jsonl"} & set(path.suffixes) and lines[0].lstrip().startswith(b"["):
        raise EdgetextError(f"{path}: this is a JSON list; write its objects a line each")
    return lines


def _json(lines: Sequence[bytes]) -> Guess:
    if re.search(rb'"paragraphs"\s*:', b" ".join(lines)):
        return Guess("squad")
    if re.match(rb'\{\s*"\w+"\s*:\s*\[\s*(\[|$)', b" ".join(lines[:3]).strip()):
        return Guess("clinc150")
    fields: dict[str, Any] = {}
    for option, names in (("text", TEXT), ("intent", LABEL[1:2] + LABEL), ("spans", SPANS)):
        present = [name for name in names if f'"{name}"'.encode() in lines[0]]
        if present and present[0] != option:
            fields[option] = present[0]
    return Guess("jsonl", fields)


def _by_names(path: Path, lines: Sequence[bytes]) -> Guess | None:
    """Of what the first line's names say to be pairs or summaries."""
    keys = _keys(lines)
    if {"source", "target"} <= set(keys):
        return _summaries(lines)
    if not keys:
        header = lines[0].decode("utf-8", "replace").split(_delimiter(path, lines))
        keys = [cell.strip(' "') for cell in header]
    named = pair_names(keys)
    return _pairs(path, lines) if named is not None and named[2] is not None else None


def _pairs(path: Path, lines: Sequence[bytes]) -> Guess:
    """Two texts and a label, a row or an object a line; else pairs made of texts with intents."""
    named = pair_names(_keys(lines))
    if named is not None:
        text, text_b, label = named
        if label is None:
            raise EdgetextError(
                f"{path}: which of the fields {', '.join(_keys(lines))} is the label of "
                f"{text} and {text_b}? call it label"
            )
        return Guess("jsonl", {"text": text, "text_b": text_b, "intent": label, "spans": None})
    delimiter = _delimiter(path, lines)
    if delimiter is None or _is_object(lines) or _most(_SLOTS, lines) or _most(_TREE, lines):
        return _made_pairs(path, guess_form(path))
    return Guess("pairs", pair_columns(path, delimiter))


def _made_pairs(path: Path, texts: Guess) -> Guess:
    """Pairs of texts that have the same intent, or another."""
    if texts.fields or texts.type in ("conll", "conllu", "squad", "top"):
        raise EdgetextError(
            f"{path}: pairs have two texts and a label each; give a table with three columns, or "
            "JSON Lines with the fields text, text_b and label"
        )
    return Guess("intent_pairs", {"of": texts.type})


def _summaries(lines: Sequence[bytes]) -> Guess:
    """An object a line with a text and its summaries, by the names of the fields."""
    keys = _keys(lines)
    fields = {}
    for option, names in (("source", _LONG), ("target", _SUMMARY)):
        found = next((name for name in names if name in keys), None)
        if found is not None and found != option:
            fields[option] = found
    return Guess("summaries", fields)


def _plain_text(path: Path, lines: Sequence[bytes]) -> Guess:
    """The texts of whatever file: of objects and tables the column of the text, else the lines."""
    if _is_object(lines):
        keys = _keys(lines)
        text = next((name for name in TEXT if name in keys), "text")
        own = {} if text == "text" else {"text": text}
        return Guess("jsonl", {**own, "intent": None, "spans": None})
    delimiter = _delimiter(path, lines, by_name_alone=True)
    if delimiter is not None:
        kind = "csv" if delimiter == "," else "tsv"
        return Guess(kind, {**text_columns(path, delimiter), "label": None})
    fields: dict[str, Any] = {}
    if any(b" @-@ " in line for line in lines):
        fields["wikitext"] = True
    if any(b"<unk>" in line.split() for line in lines):
        fields["unknown"] = "<unk>"
    return Guess("text", fields)


def _is_object(lines: Sequence[bytes]) -> bool:
    return lines[0].lstrip().startswith(b"{")


def _most(pattern: re.Pattern[bytes], lines: Sequence[bytes]) -> bool:
    """Whether a pattern is that of nearly all lines."""
    return sum(bool(pattern.fullmatch(line)) for line in lines) > 0.9 * len(lines)


def _keys(lines: Sequence[bytes]) -> list[str]:
    """The fields of the object in the first line; none where it holds none."""
    try:
        value = json.loads(lines[0])
    except ValueError:
        return []
    return list(value) if isinstance(value, dict) else []


def _delimiter(path: Path, lines: Sequence[bytes], by_name_alone: bool = False) -> str | None:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    for suffix, delimiter in ((".tsv", "\t"), (".csv", ",")):
        if suffix in suffixes:
            return delimiter
    everywhere = (mark for mark in "\t," if all(mark.encode() in line for line in lines))
    return None if by_name_alone else next(everywhere, None)
