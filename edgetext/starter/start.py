"""From a user's data to the recipe that trains on it."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.core.integers import ceil_div
from edgetext.data.choices import NO_CHOICE, Choices
from edgetext.data.example import Example
from edgetext.data.guess import Guess, chosen
from edgetext.data.reader import BaseReader
from edgetext.data.source import SPLITS
from edgetext.data.split import kept_for_training, split_with
from edgetext.data.taken import Taken
from edgetext.data.user_files import chosen_splits
from edgetext.registry import names
from edgetext.starter.few import Few, with_few
from edgetext.starter.held_out import read_held_out, unseen_labels
from edgetext.starter.needs import need_texts
from edgetext.starter.shape import Shape
from edgetext.starter.starter import Labels, Starter, starter_of
from edgetext.starter.telling import (
    bytes_tell_words,
    capitals_tell,
    marks_are_letters,
    unlike_in_use,
    values_are_open,
    words_are_spaced,
)
from edgetext.starter.template import DataSection, Facts, recipe_text, scalar

_log = logger(__name__)
# Of the texts, the first of these that gives each split some.
_SHARES = (0.1, 0.2, 0.3)
_SEVERAL_LABELS = "multi_label: true           # a text may have several labels, or none"


@dataclass(frozen=True, slots=True)
class Start:
    """A recipe's YAML, and in words what it was made from; taken: what was taken for what."""

    recipe: str
    summary: str
    taken: Sequence[str] = ()


def start(
    task: str,
    data: Path | None,
    output: Path,
    choices: Choices = NO_CHOICE,
    head: str | None = None,
    hashed: bool | None = None,
    few: Few | None = None,
) -> Start:
    """Read the training data at `data` and make a recipe to be saved as `output`.

    choices: what the user said of the data, the files of splits among it, without which `data` may
    not be None. head: one of the task's, where it has several; by default its first. hashed:
    whether the student's words are hashed, or by None what suits task and texts. few: what there is
    beside few examples. EdgetextError when the data cannot be read, lacks the labels that the task
    needs, is too little to be divided, or leaves a question, and where the task, or a script
    without spaces between words, has no student of hashed words.
    """
    starter = starter_of(task)
    shape = _shape(task, starter, head)
    splits = chosen_splits(data, choices.files)
    train = splits["train"][0]
    guessed = chosen(starter.guess, train, choices)
    reader = guessed.reader()
    if not reader.needs_files:
        raise EdgetextError(f"data type {guessed.type} needs no files and has a recipe already")
    splits |= {split: [train] for split in reader.splits_in(train)}
    examples = [e for file in splits["train"] for e in reader.read(file, "train")]
    need_texts(task, starter.paired, examples, train)
    named = task
    if starter.several_labels and _have_several(examples):
        starter = starter_of(starter.several_labels)
        shape = next(iter(starter.shapes.values()))
        named = f"{task}\n{_SEVERAL_LABELS}"
    starter.check(examples, train)
    shape = _with_words(named, starter, shape, hashed, examples, train)
    if few is not None:
        shape = _with_few(task, starter, shape, few, output)
    unseen = unseen_labels(starter, examples, read_held_out(starter, reader, splits))
    missing = [split for split in SPLITS if split not in splits]
    shares, kept = _divided(examples, missing, reader, train)
    if missing and not shares:
        splits = {**dict.fromkeys(SPLITS, splits["train"]), **splits}
    section = DataSection(
        guessed.type,
        guessed.fields,
        {split: _relative(files, output) for split, files in splits.items()},
        shares,
        starter.divided_by,
        _notes(guessed, examples),
        unseen=bool(unseen),
    )
    facts = _facts(starter, examples, kept)
    labels = _counts(examples)
    words = starter.comment.format(**labels)
    return Start(
        recipe_text(_name(output), named, starter, shape, output.name, words, section, facts),
        _summary(starter, examples, labels, f"{_in_words(splits['train'])} as {guessed.type}"),
        [*_taken(reader, splits, shares), *_said_of(unseen)],
    )


def _name(output: Path) -> str:
    """Give the name of the model of a recipe that is saved so."""
    return re.sub(r"[^\w.-]", "_", output.stem).lstrip(".-") or "mine"


def _facts(starter: Starter, examples: Sequence[Example], kept: int) -> Facts:
    """What sizes and epochs follow from; kept: how many of the examples are trained on."""
    lengths = sorted(len(text.encode("utf-8")) for e in examples for text in e.texts)
    return Facts(
        round(sum(map(starter.parts, examples)) * kept / len(examples)),
        lengths[ceil_div(len(lengths) * 99, 100) - 1],
        cased=capitals_tell(examples),
        open_values=values_are_open(examples),
        marked=marks_are_letters(examples),
        labels=len({label for e in examples for label in e.text_labels or ()}),
        unlike=unlike_in_use(examples) if starter.expects_labels else {},
    )


def heads() -> list[str]:
    """List the heads that `start` can choose among, of the tasks that have several."""
    shapes = (starter_of(task).shapes for task in names("starter"))
    return [head for each in shapes if len(each) > 1 for head in each]


def _shape(task: str, starter: Starter, head: str | None) -> Shape:
    """The shape for a head, by default the task's first; EdgetextError where it has no such."""
    if head is None:
        return next(iter(starter.shapes.values()))
    if head in starter.shapes:
        return starter.shapes[head]
    if len(starter.shapes) > 1:
        raise EdgetextError(f"task {task} has the heads {', '.join(starter.shapes)}; name one")
    several = [name for name in names("starter") if len(starter_of(name).shapes) > 1]
    raise EdgetextError(
        f"task {task} has one head; leave out --head, which is for {', '.join(several)}"
    )


def _with_words(
    task: str,
    starter: Starter,
    shape: Shape,
    hashed: bool | None,
    examples: Sequence[Example],
    path: Path,
) -> Shape:
    """Give the shape of hashed words, or of pieces, as asked for; EdgetextError where the task has
    none of hashed words, or the script of the examples."""
    if hashed is None:
        hashed = shape.prefers_hashed and bytes_tell_words(examples)
    if not hashed:
        return shape
    if shape.hashed is None:
        able = [
            name
            for name in names("starter")
            if any(shape.hashed for shape in starter_of(name).shapes.values())
        ]
        raise EdgetextError(
            f"task {task.splitlines()[0]} has no student of hashed words here; leave out --hashed, "
            f"which is for {', '.join(able)} of one label a text"
        )
    if "slots" in starter.learns and not words_are_spaced(examples):
        raise EdgetextError(
            f"{path}: many texts are in a script without spaces between words, which hashed words "
            "are told apart by; a student of them would find no spans, so leave out --hashed"
        )
    return shape.hashed


def _have_several(examples: Sequence[Example]) -> bool:
    """Tell whether some texts have several labels, or none."""
    return any(e.intents is not None and len(e.intents) != 1 for e in examples)


def _with_few(task: str, starter: Starter, shape: Shape, few: Few, output: Path) -> Shape:
    """Give the shape for few examples; EdgetextError as of Few.check."""
    few.check(starter, task)
    unlabeled = "" if few.unlabeled is None else _from_folder(few.unlabeled, output)
    return with_few(shape, scalar(_from_folder(few.folder, output)), unlabeled, few.texts)


def _counts(examples: Sequence[Example]) -> dict[str, int]:
    """How many different labels of each kind there are."""
    return {
        "intents": len({label for e in examples for label in e.text_labels or ()}),
        "slots": len({span.label for e in examples for span in e.spans}),
        "nodes": len({node.label for e in examples for node in e.nodes}),
    }


def _summary(starter: Starter, examples: Sequence[Example], labels: Labels, source: str) -> str:
    """What was read, in words."""
    counted = starter.counted(examples, labels)
    words = ", ".join(f"{count:,} {name}" for name, count in counted.items() if count)
    return f"{len(examples):,} {starter.called} of {source}: {words}"


def _divided(
    examples: Sequence[Example], splits: Sequence[str], reader: BaseReader, path: Path
) -> tuple[dict[str, float], int]:
    """The shares of the splits that have no file, and how many examples are left to train on.

    Few examples give larger shares, and none where a split would still get no example.
    """
    texts = [(reader.split_key(e), e.labels) for e in examples]
    for share in _SHARES:
        shares = dict.fromkeys(splits, share)
        valid, test = (shares.get(split, 0.0) for split in ("valid", "test"))
        kept = kept_for_training(texts, valid, test)
        counts = Counter(split_with(text, kept, valid, test) for text, _ in texts)
        if all(counts[split] for split in ("train", *splits)):
            return shares, counts["train"]
    _log.warning(
        "%s: %s too few, or too alike, to be divided: valid and test are the training texts, so "
        "the figures tell nothing of others; add some, or give a folder with files called train, "
        "valid and test",
        path,
        "1 example is" if len(examples) == 1 else f"{len(examples)} examples are",
    )
    return {}, len(examples)


def _in_words(files: Sequence[Path]) -> str:
    """A file; of several, the first and how many there are."""
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return f"{files[0]}{more}"


def _taken(
    reader: BaseReader, splits: Mapping[str, Sequence[Path]], shares: Mapping[str, float]
) -> list[str]:
    """What was taken for what, a line each: columns or fields, and the splits."""
    try:
        taken = reader.taken(splits["train"][0])
    except EdgetextError:
        taken = Taken()  # a first line that `on_error: skip` leaves out
    lines = list(taken.lines)
    if taken.unused:
        lines.append(f"unused: {', '.join(taken.unused)}")
    if len(splits) > 1:
        lines += [f"{split}: {_in_words(files)}" for split, files in splits.items()]
    lines += [f"{split}: {share:.0%} of the training file" for split, share in shares.items()]
    return lines


def _said_of(unseen: Mapping[tuple[str, str], str]) -> list[str]:
    """Say how many labels training never shows, and the first of them; nothing of none."""
    if not unseen:
        return []
    (kind, label), source = next(iter(unseen.items()))
    return [
        f"not in train: {len(unseen):,} label{'s' * (len(unseen) > 1)} of valid or test, as the "
        f"{kind} {label!r} ({source}), which count as misses (data.unseen)"
    ]


def _notes(guessed: Guess, examples: Sequence[Example]) -> list[str]:
    """Comments about fields that the data may need."""
    labels = sorted({str(e.intent) for e in examples})
    if guessed.type == "pairs" and all(label.lstrip("-").isdigit() for label in labels):
        known = ", ".join(f'"{label}": name{label}' for label in labels[:3])
        return [f"names: {{{known}}}  # what answers call the labels"]
    if guessed.type == "summaries":
        return ["labels: FIELD           # a 1 for each sentence of the best summary, else 0"]
    return []


def _relative(files: Sequence[Path], output: Path) -> str | list[str]:
    """The path from the recipe's folder, where a recipe's files are looked up; of several files,
    a list."""
    paths = [_from_folder(file, output) for file in files]
    return paths if len(paths) > 1 else paths[0]


def _from_folder(path: Path, output: Path) -> str:
    try:
        return Path(os.path.relpath(path, output.parent)).as_posix()
    except ValueError:  # another drive
        return str(path.resolve())
