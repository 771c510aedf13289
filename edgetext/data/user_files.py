"""The files that a user names without a recipe: which split each is, and how it is read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.data.guess import Guess, guess
from edgetext.data.source import SPLITS, Source

_NAMES = {
    "train": ("train",),
    "valid": ("valid", "validation", "val", "dev"),
    "test": ("test", "eval"),
}
# What stands beside data and is none of it.
_NOTES = (".md", ".rst", ".py", ".yaml", ".yml", ".pdf", ".html", ".sh", ".log", ".pt", ".onnx")


def find_splits(path: Path) -> dict[str, Path]:
    """Split -> file (or seq_folder) of a folder; a file, or a folder without train, is `train`.

    Files are known by the words of their names, as `train`, `valid` (validation, val, dev) and
    `test` (eval): of several such words the first counts.
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
    """The split that a word of a file's name says it is, if any."""
    if path.suffix.lower() in _NOTES:
        return None
    for word in re.findall(r"[a-z]+", path.name.lower()):
        for split, names in _NAMES.items():
            if word in names:
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
        if reader.one_file:
            sources += [Source(part, reader, path, part) for part in SPLITS]
        else:
            sources.append(Source(split, reader, path, split))
    return sources
