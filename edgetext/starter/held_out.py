"""What valid and test, where they have files of their own, say of the recipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.reader import BaseReader
from edgetext.starter.starter import Starter

# A label, and where it stands.
Label = tuple[str, str]


def read_held_out(
    starter: Starter, reader: BaseReader, splits: Mapping[str, Sequence[Path]]
) -> list[Example]:
    """Read the examples of valid and test, before a training finds hours later that it cannot.

    splits: the files of each split. EdgetextError where a file cannot be read, as where it has no
    column of labels, and where its examples tell nothing of a model.
    """
    held: list[Example] = []
    for split in ("valid", "test"):
        for path in splits.get(split, ()):
            held += _read(starter, reader, path, split)
    return held


def _read(starter: Starter, reader: BaseReader, path: Path, split: str) -> list[Example]:
    try:
        examples = list(reader.read(path, split))
        starter.check_held_out(examples, path)
    except EdgetextError as error:
        raise EdgetextError(
            f"{error}; or name the files of the other splits alone, as in `--train FILE`, and a "
            f"share of the training texts becomes {split}"
        ) from error
    return examples


def unseen_labels(
    starter: Starter, train: Sequence[Example], held: Sequence[Example]
) -> dict[Label, str]:
    """Give the labels that the task learns of held-out texts and no training text has, each with
    the place of the first."""
    known = {label for example in train for label in _labels(starter, example)}
    first: dict[Label, str] = {}
    for example in held:
        for label in _labels(starter, example):
            if label not in known:
                first.setdefault(label, example.source)
    return first


def _labels(starter: Starter, example: Example) -> Iterator[Label]:
    """The labels of an example, each with what it is called."""
    kinds: Mapping[str, tuple[str, Iterable[str]]] = {
        "intents": ("intent", example.text_labels or ()),
        "slots": ("slot", (span.label for span in example.spans)),
        "nodes": ("node", (node.label for node in example.nodes)),
    }
    for kind in sorted(starter.learns):
        called, labels = kinds[kind]
        yield from ((called, label) for label in labels)
