"""Which reader a user's file is for, told from its name and its first lines; files of a folder."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from edgetext.data.lines import read_lines
from edgetext.data.source import SPLITS, Source
from edgetext.data.tables import read_rows
from edgetext.errors import EdgetextError
from edgetext.registry import lookup

_NAMES = {"train": ("train",), "valid": ("valid", "val", "dev"), "test": ("test", "eval")}
_TEXT = ("text", "utterance", "sentence", "query", "request", "message", "question")
_LABEL = ("label", "intent", "category", "class", "labels", "intents")
_SPANS = ("spans", "slots", "entities")
_TAG = re.compile(rb"(?:O|[BIESLU]-\S+)\s*")
_SLOTS = re.compile(rb"[^\t]+\t(?:\s*\d+:\d+:[^\t,]+,?)*\t[^\t]+")
_TREE = re.compile(rb"(?:[^\t]+\t){1,2}\[[^\s\]]+ [^\t]*\]\s*")
_LOOKED_AT = 200  # lines


@dataclass(frozen=True, slots=True)
class Guess:
    """A reader's type and the fields of its Config that differ from the defaults."""

    type: str
    fields: dict[str, Any] = field(default_factory=dict)

    def reader(self) -> Any:
        """The reader; EdgetextError when its Config refuses the fields."""
        component: Any = lookup("reader", self.type)
        try:
            return component(component.Config(**self.fields))
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(map(str, first["loc"])) or "fields"
            raise EdgetextError(
                f"data type {self.type}: {name}: {first['msg']}; known fields: "
                f"{', '.join(component.Config.model_fields) or 'none'}"
            ) from error


def guess(path: Path) -> Guess:
    """EdgetextError when the file is missing or like none of the readers."""
    if path.is_dir():
        if any((path / name).exists() for name in ("seq.in", "seq.in.gz")):
            return Guess("seq_folder")
        raise EdgetextError(
            f"{path}: this folder has neither seq.in nor files called train, valid and test; "
            "give the files themselves"
        )
    lines = [row for _, row in read_lines(path) if row.strip()][:_LOOKED_AT]
    if not lines:
        raise EdgetextError(f"{path}: the file is empty; give one with examples")
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if lines[0].lstrip().startswith(b"{"):
        return _json(lines)
    if any(b" <=> " in line for line in lines[:5]):
        return Guess("mtod")
    if ".conllu" in suffixes:
        return Guess("conllu")
    words = [line for line in lines if not line.startswith(b"#")]
    tagged = sum(bool(_TAG.fullmatch(re.split(rb"[\t ]", line.rstrip())[-1])) for line in words)
    if {".conll", ".iob", ".bio"} & set(suffixes) or tagged > 0.9 * len(words) > 0:
        return Guess("conll")
    if sum(bool(_SLOTS.fullmatch(line)) for line in lines) > 0.9 * len(lines):
        return Guess("pytext_tsv")
    if sum(bool(_TREE.fullmatch(line)) for line in lines) > 0.9 * len(lines):
        return Guess("top")
    for kind, delimiter in (("tsv", b"\t"), ("csv", b",")):
        if f".{kind}" in suffixes or all(delimiter in line for line in lines):
            return Guess(kind, _columns(path, delimiter.decode()))
    raise EdgetextError(
        f"{path}: this is like no format that edgetext knows; name its reader with --type"
    )


def find_splits(path: Path) -> dict[str, Path]:
    """Split -> file (or seq_folder) of a folder; a file, or a folder without train, is `train`.

    Files are known by names that begin with train, valid (val, dev) or test (eval).
    """
    if not path.exists():
        raise EdgetextError(f"{path}: there is no such file; check the path")
    if not path.is_dir():
        return {"train": path}
    found: dict[str, list[Path]] = {}
    for member in sorted(path.iterdir()):
        split = split_of(member)
        if split is not None:
            found.setdefault(split, []).append(member)
    if "train" not in found:
        return {"train": path}
    for split, members in found.items():
        if len(members) > 1:
            raise EdgetextError(
                f"{path}: {members[0].name} and {members[1].name} both look like the {split} "
                "split; leave one of them there"
            )
    return {split: found[split][0] for split in SPLITS if split in found}


def split_of(path: Path) -> str | None:
    """The split that a file's name says it is, if any."""
    for split, names in _NAMES.items():
        if re.match(rf"(?:{'|'.join(names)})(?![a-z])", path.name.lower()):
            return split
    return None


def file_sources(paths: Sequence[Path], type_: str | None, own: Mapping[str, Any]) -> list[Source]:
    """The sources of files that no recipe names: one file, a folder of splits, or several files.

    type_: the reader, instead of a guess; own: fields of its Config. A file whose name says no
    split is called by its name, or `train` when it is alone.
    """
    named = list(find_splits(paths[0]).items()) if len(paths) == 1 else []
    if len(paths) > 1:
        named = [(split_of(path) or path.name, path) for path in paths]
    sources = []
    for split, path in named:
        found = Guess(type_) if type_ else guess(path)
        reader = Guess(found.type, {**found.fields, **own}).reader()
        if getattr(reader, "one_file", False):
            sources += [Source(part, reader, path, part) for part in SPLITS]
        else:
            sources.append(Source(split, reader, path, split))
    return sources


def _json(lines: Sequence[bytes]) -> Guess:
    if re.search(rb'"paragraphs"\s*:', b" ".join(lines)):
        return Guess("squad")
    if re.match(rb'\{\s*"\w+"\s*:\s*\[\s*(\[|$)', b" ".join(lines[:3]).strip()):
        return Guess("clinc150")
    fields: dict[str, Any] = {}
    for option, names in (("text", _TEXT), ("intent", _LABEL[1:2] + _LABEL), ("spans", _SPANS)):
        present = [name for name in names if f'"{name}"'.encode() in lines[0]]
        if present and present[0] != option:
            fields[option] = present[0]
    return Guess("jsonl", fields)


def _columns(path: Path, delimiter: str) -> dict[str, Any]:
    """Text and label column: by the header's names, else the label is what repeats most."""
    rows = [cells for _, cells in read_rows(path, delimiter, '"') if isinstance(cells, list)]
    if not rows or len(rows[0]) < 2:
        return {"label": None} if rows and rows[0][0].strip().lower() in _TEXT else {}
    header = [cell.strip() for cell in rows[0]]
    text = next((name for name in header if name.lower() in _TEXT), None)
    label = next((name for name in header if name.lower() in _LABEL and name != text), None)
    if text is not None and label is not None:
        fields = {"text": text, "label": label}
        return {name: value for name, value in fields.items() if name != value}
    body = [cells for cells in rows if len(cells) == len(header)]
    kinds = [len({cells[i] for cells in body}) for i in range(len(header))]
    length = [sum(len(cells[i]) for cells in body) for i in range(len(header))]
    longest = max(range(len(header)), key=lambda i: length[i])
    few = min((i for i in range(len(header)) if i != longest), key=lambda i: kinds[i])
    return {"text": longest, "label": few, "header": False}
