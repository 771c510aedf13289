"""From a user's data to the recipe that trains on it."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from edgetext.data.example import Example
from edgetext.data.guess import Guess, find_splits, guess
from edgetext.data.source import SPLITS
from edgetext.data.template import DataSection, Facts, recipe_text
from edgetext.errors import EdgetextError

_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Start:
    """A recipe's YAML, and in words what it was made from."""

    recipe: str
    summary: str


def start(task: str, data: Path, output: Path, type_: str | None = None) -> Start:
    """Read the training data at `data` and make a recipe to be saved as `output`.

    EdgetextError when the data cannot be read, or lacks the labels that the task needs.
    """
    splits = find_splits(data)
    found = Guess(type_) if type_ else guess(splits["train"])
    reader = found.reader()
    if not getattr(reader, "needs_files", True):
        raise EdgetextError(f"data type {found.type} needs no files and has a recipe already")
    if getattr(reader, "one_file", False):
        splits = dict.fromkeys(SPLITS, splits["train"])
    examples = list(reader.read(splits["train"], "train"))
    _check(task, examples, splits["train"])
    shares = {split: _SHARE for split in SPLITS if split not in splits}
    kept = round(len(examples) * (1 - sum(shares.values())))
    lengths = sorted(len(e.text.encode("utf-8")) for e in examples)
    intents = {e.intent for e in examples} if task in ("classify", "joint") else set()
    slots = (
        {span.label for e in examples for span in e.spans} if task in ("joint", "tag") else set()
    )
    nodes = {node.label for e in examples for node in e.nodes} if task == "parse" else set()
    section = DataSection(
        found.type,
        found.fields,
        {split: _relative(path, output) for split, path in splits.items()},
        shares,
    )
    facts = Facts(kept, lengths[len(lengths) * 99 // 100], len(intents), len(slots | nodes))
    name = re.sub(r"[^\w.-]", "_", output.stem).lstrip(".-") or "mine"
    counts = {"intents": len(intents), "labels" if task == "tag" else "slots": len(slots)}
    counts["labels of nodes"] = len(nodes)
    words = f"{len(examples):,} texts of {splits['train']} as {found.type}: "
    words += ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    return Start(recipe_text(name, task, output.name, section, facts), words)


def _check(task: str, examples: list[Example], path: Path) -> None:
    if not examples:
        raise EdgetextError(f"{path}: there are no examples; give a file that has some")
    if task == "tag":
        if not any(e.spans for e in examples):
            raise EdgetextError(f"{path}: no text has labelled spans; give data with tags or spans")
        return
    if task == "parse":
        bare = next((e for e in examples if not e.nodes), None)
        if bare is not None:
            raise EdgetextError(f"{bare.source}: the text has no tree; give data of type top")
        return
    bare = next((e for e in examples if e.intent is None), None)
    if bare is not None:
        raise EdgetextError(
            f"{bare.source}: the text has no intent, which task {task} learns; add one to each text"
        )
    counts = Counter(e.intent for e in examples)
    if len(counts) < 2:
        raise EdgetextError(
            f"{path}: every text has the intent {examples[0].intent!r}; a model needs two or more"
        )
    if task == "joint" and not any(e.spans for e in examples):
        raise EdgetextError(
            f"{path}: no text has slots; give data with slots, or use task classify"
        )


def _relative(path: Path, output: Path) -> str:
    """The path from the recipe's folder, where a recipe's files are looked up."""
    try:
        return Path(os.path.relpath(path, output.parent)).as_posix()
    except ValueError:  # another drive
        return str(path.resolve())
