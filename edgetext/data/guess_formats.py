"""Which published or tool's format a file has, told from its first lines and its keys."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.data.formats.arrow_rows import is_arrow
from edgetext.data.formats.brat import annotated
from edgetext.data.formats.dialogflow import NAME, usersays
from edgetext.data.formats.docbin import is_docbin
from edgetext.data.formats.excel import is_workbook
from edgetext.data.formats.fasttext import LINE
from edgetext.data.formats.squad import is_flat
from edgetext.data.formats.topv2 import HEADER
from edgetext.data.lines import read_content

_NAMED = 4  # files of a folder in which no data was found
_RASA = re.compile(rb"^nlu\s*:", re.MULTILINE)


def is_rasa_yaml(path: Path) -> bool:
    """Tell whether a file, which may be a recipe by its name, is Rasa's training data."""
    if path.suffix.lower() not in (".yml", ".yaml") or not path.is_file():
        return False
    try:
        return _RASA.search(read_content(path)) is not None
    except EdgetextError:
        return False


def binary_type(path: Path) -> str | None:
    """Name the reader of a file that is no text, or of a folder of such."""
    if is_arrow(path):
        return "parquet"
    if not path.is_file():
        return None
    if is_docbin(path):
        return "docbin"
    return "excel" if is_workbook(path) else None


def folder_type(path: Path) -> str | None:
    """Name the reader of a folder that is one data set."""
    if usersays(path):
        return "dialogflow"
    return "brat" if annotated(path) else None


def others_in(folder: Path) -> str:
    """Say what is in a folder that is no data set: the first folders, else the first files."""
    there = sorted(x for x in folder.iterdir() if not x.name.startswith("."))
    folders = [x.name for x in there if x.is_dir()]
    names = folders or [x.name for x in there if x.suffix]
    if not names:
        return ""
    kind = "folder" if folders else "file"
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f", but the {kind}{'s' * (len(names) > 1)} {', '.join(names[:_NAMED])}{more}"


def lines_type(path: Path, lines: Sequence[bytes]) -> str | None:
    """Name the reader of a file whose lines are written in a format of their own."""
    if is_rasa_yaml(path):
        return "rasa"
    if lines[0].startswith(b"#begin document"):
        return "conll2012"
    if lines[0].strip() == HEADER:
        return "topv2"
    labeled = sum(bool(LINE.fullmatch(line.decode("utf-8", "replace"))) for line in lines)
    return "fasttext" if labeled > 0.9 * len(lines) else None


def document_type(path: Path, lines: Sequence[bytes]) -> str | None:
    """Name the reader of a file that is one JSON document, or of a known object a line."""
    try:
        first = json.loads(lines[0])
    except ValueError:
        first = None
    if is_flat(path):
        return "squad"
    if isinstance(first, dict) and len(lines) > 1:
        return "massive" if {"annot_utt", "utt"} <= first.keys() else None
    try:
        document = json.loads(read_content(path))
    except (ValueError, RecursionError):
        return None  # a reader says what is wrong with it
    return _of_list(path, document) if isinstance(document, list) else _of_object(document)


def _of_object(document: Any) -> str | None:
    keys = set(document) if isinstance(document, dict) else set()
    if "rasa_nlu_data" in keys:
        return "rasa"
    if {"annot_utt", "utt"} <= keys:
        return "massive"
    if "luis_schema_version" in keys:
        return "luis"
    if {"assets", "projectFileVersion"} <= keys or _has(document, "assets", "utterances"):
        return "clu"
    if {"intents", "entities"} <= keys and isinstance(document["intents"], dict):
        return "snips"
    values = list(document.values()) if isinstance(document, dict) else []
    items = [value[0] for value in values if isinstance(value, list) and value]
    if items and all(isinstance(item, dict) and "data" in item for item in items):
        return "snips"
    return None


def _of_list(path: Path, document: list[Any]) -> str | None:
    first = document[0] if document and isinstance(document[0], dict) else {}
    if NAME.fullmatch(path.name) and isinstance(first.get("data"), list):
        return "dialogflow"
    if isinstance(first.get("data"), dict) and {"annotations", "completions"} & first.keys():
        return "label_studio"
    return None


def _has(document: Any, key: str, inner: str) -> bool:
    found = document.get(key) if isinstance(document, dict) else None
    return isinstance(found, dict) and inner in found
