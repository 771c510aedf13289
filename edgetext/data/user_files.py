"""The files that a user names without a recipe: which split each is, and how it is read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.data.choices import NO_CHOICE, Choices
from edgetext.data.guess import Guess, chosen, guess
from edgetext.data.source import SPLITS, Source

_NAMES = {
    "train": ("train",),
    "valid": ("valid", "validation", "val", "dev"),
    "test": ("test", "eval"),
}
_NUMBER = re.compile(r"[0-9]+")
# A word of two letters, as that of a language in `en.train.json`.
_LANGUAGE = re.compile(r"(?<![a-z])[a-z]{2}(?![a-z])")
# What stands beside data and is none of it.
_NOTES = (".md", ".rst", ".py", ".yaml", ".yml", ".pdf", ".html", ".sh", ".log")


def find_splits(path: Path) -> dict[str, list[Path]]:
    """Split -> files (or a seq_folder) of a folder; a file, or a folder without train, is `train`.

    Files are known by the words of their names, as `train`, `valid` (validation, val, dev) and
    `test` (eval): of several such words the first counts. `eval` is valid beside a `test` where
    nothing else is. Several files are one split where their names differ in numbers alone, as those
    of a table that was written in parts, or in a word of two letters, as those of languages.
    """
    if not path.exists():
        raise EdgetextError(f"{path}: there is no such file; check the path")
    if not path.is_dir():
        return {"train": [path]}
    by_split: dict[str, list[Path]] = {}
    for member in sorted(path.iterdir()):
        split = split_of(member)
        if split is not None:
            by_split.setdefault(split, []).append(member)
    if "train" not in by_split:
        return {"train": [path]}
    by_split = _with_eval_as_valid(by_split)
    for split, members in by_split.items():
        other = next((x for x in members if _kin(x) != _kin(members[0])), None)
        if other is not None:
            raise EdgetextError(
                f"{path}: {members[0].name} and {other.name} both look like the {split} split; "
                "leave one of them there"
            )
    return {split: sorted(by_split[split], key=_in_order) for split in SPLITS if split in by_split}


def _with_eval_as_valid(by_split: Mapping[str, list[Path]]) -> dict[str, list[Path]]:
    """Take files called `eval` for valid where a `test` is beside them and no other valid."""
    tests = [x for x in by_split.get("test", ()) if "eval" not in _words(x)]
    evals = [x for x in by_split.get("test", ()) if "eval" in _words(x)]
    if "valid" in by_split or not tests or not evals:
        return dict(by_split)
    return {**by_split, "valid": evals, "test": tests}


def _kin(path: Path) -> str:
    """What the names of a split's files have in common."""
    return _LANGUAGE.sub("xx", _NUMBER.sub("0", path.name.lower()))


def _in_order(path: Path) -> tuple[list[int], str]:
    return [int(number) for number in _NUMBER.findall(path.name)], path.name


def _words(path: Path) -> list[str]:
    return re.findall(r"[a-z]+", path.name.lower())


def split_of(path: Path) -> str | None:
    """The split that a word of a file's name says it is, if any."""
    if path.suffix.lower() in _NOTES:
        return None
    for word in _words(path):
        for split, names in _NAMES.items():
            if word in names:
                return split
    return None


def chosen_splits(path: Path | None, files: Mapping[str, Sequence[Path]]) -> dict[str, list[Path]]:
    """Give split -> files of what a user named: a file or folder, and the files of some splits."""
    if path is None and "train" not in files:
        raise EdgetextError("no data is named; give a file or folder, or `--train FILE`")
    for file in (file for several in files.values() for file in several):
        if not file.exists():
            raise EdgetextError(f"{file}: there is no such file; check the path")
    splits = {} if path is None else find_splits(path)
    splits |= {split: list(several) for split, several in files.items()}
    return {split: splits[split] for split in SPLITS if split in splits}


def file_sources(paths: Sequence[Path], choices: Choices = NO_CHOICE) -> list[Source]:
    """The sources of files that no recipe names: one file, a folder of splits, or several files.

    A file whose name says no split is called by its name, or `train` when it is alone. Of files
    with the same ending and of one format the first, which training reads, says how all are read.
    """
    named = [(split_of(path) or path.name, path) for path in paths]
    if len(paths) < 2:
        splits = chosen_splits(paths[0] if paths else None, choices.files)
        named = [(split, file) for split, files in splits.items() for file in files]
    else:
        named += [(split, file) for split, several in choices.files.items() for file in several]
    sources = []
    guesses: dict[str, Guess] = {}
    for split, path in named:
        kind = path.name.removesuffix(".gz").rpartition(".")[2]
        guessed = _guessed(path, guesses.get(kind), choices)
        guesses.setdefault(kind, guessed)
        reader = guessed.reader()
        parts = reader.splits_in(path) or (split,)
        sources += [Source(part, reader, path, part, type=guessed.type) for part in parts]
    return sources


def _guessed(path: Path, first: Guess | None, choices: Choices) -> Guess:
    """The guess of a file: that of the first with the same ending, where they are of one format or
    this one leaves a question."""
    if first is None:
        return chosen(guess, path, choices)
    try:
        alone = chosen(guess, path, choices)
    except EdgetextError:
        return first
    return first if alone.type == first.type else alone
