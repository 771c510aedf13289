"""From a user's data to the recipe that trains on it."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.core.integers import ceil_div
from edgetext.data.example import Example
from edgetext.data.guess import Guess, guess
from edgetext.data.source import SPLITS
from edgetext.data.split import part_of
from edgetext.data.user_files import find_splits
from edgetext.starter.needs import check_needs
from edgetext.starter.shapes import SHAPES
from edgetext.starter.template import DataSection, Facts, recipe_text

_SHARE = 0.1
_WORDS = {
    "classify": "The intent of a text, one of {intents}",
    "joint": "The intent of a text and its slots ({intents} intents, {slots} slots)",
    "tag": "The labelled spans of a text ({slots} labels)",
    "parse": "The tree of a text ({nodes} labels of nodes)",
    "match": "Which of {intents} labels a pair of texts has",
    "qa": "The answer to a question, as a piece of a passage",
    "summarize": "The sentence that says best what a text is about",
    "lm": "The words that come next in a text",
}
# What a text is called whose hash decides the split that an example goes to.
_DIVIDED_BY = {"match": "first text", "qa": "passage", "lm": "paragraph"}


@dataclass(frozen=True, slots=True)
class Start:
    """A recipe's YAML, and in words what it was made from."""

    recipe: str
    summary: str


def start(
    task: str, data: Path, output: Path, type_: str | None = None, head: str | None = None
) -> Start:
    """Read the training data at `data` and make a recipe to be saved as `output`.

    head: of task match, "cross_encoder" (the default) or "bi_encoder". EdgetextError when the data
    cannot be read, lacks the labels that the task needs, or is too little to be divided.
    """
    if head is not None and task != "match":
        raise EdgetextError(f"task {task} has one head; leave out --head, which is for match")
    splits = find_splits(data)
    found = Guess(type_) if type_ else guess(splits["train"], task)
    reader = found.reader()
    if not getattr(reader, "needs_files", True):
        raise EdgetextError(f"data type {found.type} needs no files and has a recipe already")
    if getattr(reader, "one_file", False):
        splits = dict.fromkeys(SPLITS, splits["train"])
    examples = list(reader.read(splits["train"], "train"))
    check_needs(task, examples, splits["train"])
    shares = {split: _SHARE for split in SPLITS if split not in splits}
    kept = _divided(examples, shares, reader, splits["train"])
    section = DataSection(
        found.type,
        found.fields,
        {split: _relative(path, output) for split, path in splits.items()},
        shares,
        _DIVIDED_BY.get(task, "text"),
        _notes(found, examples),
    )
    shape = task if head in (None, "cross_encoder") else head
    lengths = sorted(len(text.encode("utf-8")) for e in examples for text in e.texts)
    read = sum(ceil_div(len(e.text.encode()), SHAPES["lm"].most_bytes) for e in examples)
    # A language model reads a text part by part.
    count = round(read * kept / len(examples)) if task == "lm" else kept
    facts = Facts(count, lengths[ceil_div(len(lengths) * 99, 100) - 1])
    name = re.sub(r"[^\w.-]", "_", output.stem).lstrip(".-") or "mine"
    counts = _counts(examples)
    words = _WORDS[task].format(**counts)
    return Start(
        recipe_text(name, shape, output.name, words, section, facts),
        _summary(task, examples, counts, f"{splits['train']} as {found.type}"),
    )


def _counts(examples: Sequence[Example]) -> dict[str, int]:
    """How many different labels of each kind there are."""
    return {
        "intents": len({e.intent for e in examples}),
        "slots": len({span.label for e in examples for span in e.spans}),
        "nodes": len({node.label for e in examples for node in e.nodes}),
    }


def _summary(task: str, examples: Sequence[Example], labels: Mapping[str, int], source: str) -> str:
    """What was read, in words."""
    counted = {
        "classify": {"intents": labels["intents"]},
        "joint": {"intents": labels["intents"], "slots": labels["slots"]},
        "tag": {"labels": labels["slots"]},
        "parse": {"labels of nodes": labels["nodes"]},
        "match": {"labels": labels["intents"]},
        "qa": {
            "passages": len({e.text_b for e in examples}),
            "questions without an answer": sum(not e.references for e in examples),
        },
        "summarize": {"summaries": sum(len(e.references) for e in examples)},
        "lm": {"words": sum(len(e.text.split()) for e in examples)},
    }[task]
    kind = {"match": "pairs", "qa": "questions"}.get(task, "texts")
    words = ", ".join(f"{count:,} {name}" for name, count in counted.items() if count)
    return f"{len(examples):,} {kind} of {source}: {words}"


def _divided(
    examples: Sequence[Example], shares: Mapping[str, float], reader: Any, path: Path
) -> int:
    """How many examples are left to train on; EdgetextError when a split would get none."""
    key = getattr(reader, "split_key", None)  # a reader of a user's own may lack it
    valid, test = (shares.get(split, 0.0) for split in ("valid", "test"))
    counts = Counter(part_of(key(e) if key else e.text, valid, test) for e in examples)
    empty = next((split for split in ("train", *shares) if not counts[split]), None)
    if empty is not None:
        raise EdgetextError(
            f"{path}: {len(examples):,} example(s) are too few, or too alike, to be divided: "
            f"{empty} gets none; add some, or give a folder with files called train, valid and test"
        )
    return counts["train"]


def _notes(found: Guess, examples: Sequence[Example]) -> list[str]:
    """Comments about fields that the data may need."""
    labels = sorted({str(e.intent) for e in examples})
    if found.type == "pairs" and all(label.lstrip("-").isdigit() for label in labels):
        names = ", ".join(f'"{label}": name{label}' for label in labels[:3])
        return [f"names: {{{names}}}  # what answers call the labels"]
    if found.type == "summaries":
        return ["labels: FIELD           # a 1 for each sentence of the best summary, else 0"]
    return []


def _relative(path: Path, output: Path) -> str:
    """The path from the recipe's folder, where a recipe's files are looked up."""
    try:
        return Path(os.path.relpath(path, output.parent)).as_posix()
    except ValueError:  # another drive
        return str(path.resolve())
