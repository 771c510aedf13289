"""Where a recipe's splits come from: its reader, the files, and the part of a file that counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.reader import BaseReader, Item, build_reader
from edgetext.data.split import kept_for_training, split_with
from edgetext.recipe import DataConfig, Files, Recipe

SPLITS = ("train", "valid", "test")


class Division:
    """Which split each text of a recipe's training files goes to, by `data.split`."""

    def __init__(self, reader: BaseReader, recipe: Recipe) -> None:
        self.reader = reader
        self.recipe = recipe
        shares = _data(recipe).split
        self.shares = (shares.valid, shares.test) if shares is not None else (0.0, 0.0)

    @cached_property
    def paths(self) -> list[Path]:
        """The training files; EdgetextError where one is missing."""
        return _files_of(self.recipe, _data(self.recipe).train)

    @cached_property
    def examples(self) -> dict[Path, list[Example]]:
        """The examples of each file, of whatever split, which are read once for all splits."""
        return {path: list(self.reader.read(path, "train")) for path in self.paths}

    def read(self, path: Path) -> Iterable[Example]:
        """Give the examples of a training file, of whatever split: those that are held for all
        splits, or one after the other where the recipe streams them."""
        streamed = _data(self.recipe).stream is not None
        return self.reader.read(path, "train") if streamed else self.examples[path]

    @cached_property
    def kept(self) -> frozenset[str]:
        """The texts that training has for the sake of their labels, by `text_key`.

        Where nothing has read the files yet they are gone through once, and nothing of them stays.
        """
        labeled = ((self.reader.split_key(each), each.labels) for each in self._each())
        return kept_for_training(labeled, *self.shares)

    def _each(self) -> Iterator[Example]:
        for path in self.paths:
            if "examples" in vars(self):
                yield from self.examples[path]
            else:
                items = self.reader.scan(path, "train")
                yield from (item for item in items if isinstance(item, Example))

    def has(self, split: str, text: str) -> bool:
        """Tell whether a text belongs to a split."""
        return split_with(text, self.kept, *self.shares) == split


@dataclass(frozen=True, slots=True)
class Source:
    """A split: its reader, its file (None where the reader needs none), and which texts of it.

    asked: the split that the reader is asked for, another than `split` in a file that is divided.
    division: what divides it. type: the reader's name.
    """

    split: str
    reader: BaseReader
    path: Path | None
    asked: str
    division: Division | None = None
    type: str = ""

    @property
    def name(self) -> str:
        return str(self.path) if self.path is not None else self.split

    def has(self, example: Example) -> bool:
        """Tell whether an example of the file belongs to this split."""
        text = self.reader.split_key(example)
        return self.division is None or self.division.has(self.split, text)

    def takes(self, item: Item) -> bool:
        """Tell whether an item of the file is this split's to tell: of a divided one, a bad line,
        which has no text to divide by, is training's alone."""
        if isinstance(item, Example):
            return self.has(item)
        return self.division is None or self.split == "train"

    def read(self) -> Iterator[Example]:
        """The examples; what a bad line does is the reader's to say."""
        if self.division is None or self.path is None:
            return self.reader.read(self.path, self.asked)
        return filter(self.has, self.division.read(self.path))

    def scan(self) -> Iterator[Item]:
        """The examples and the errors of bad lines, where the reader can tell them apart."""
        if self.path is None:
            yield from self.read()
            return
        yield from filter(self.takes, self.reader.scan(self.path, self.asked))


def sources(recipe: Recipe) -> list[Source]:
    """The three splits of a recipe, one source a file; EdgetextError when a split is not named or
    a file is missing."""
    section = _data(recipe)
    reader = build_reader(section.type, section.own_fields)
    division = Division(reader, recipe)
    return [source for split in SPLITS for source in _sources_of(recipe, reader, split, division)]


def _data(recipe: Recipe) -> DataConfig:
    if recipe.data is None:
        raise EdgetextError(
            f"recipe {recipe.name} is of several tasks, each with data of its own; give the recipe "
            "of one of them"
        )
    return recipe.data


def _sources_of(recipe: Recipe, reader: BaseReader, split: str, division: Division) -> list[Source]:
    data = _data(recipe)
    paths = _listed(getattr(data, split))
    if not reader.needs_files:
        if paths or data.split is not None:
            field = split if paths else "split"
            raise EdgetextError(
                f"recipe {recipe.name}: data type {data.type} makes its own splits; "
                f"remove data.{field}"
            )
        return [Source(split, reader, None, split)]
    divided = data.split is not None and (split == "train" or getattr(data.split, split) > 0)
    if not paths and not divided:
        raise EdgetextError(
            f"recipe {recipe.name} names no data.{split}; add the file there, or a share of the "
            f"training file as `data.split: {{{split}: 0.1}}`"
            if split != "train"
            else f"recipe {recipe.name} names no data.train; add the file there"
        )
    if not divided or data.split is None:
        files = _files_of(recipe, getattr(data, split))
        return [Source(split, reader, path, split, type=data.type) for path in files]
    if not data.train:
        raise EdgetextError(f"recipe {recipe.name} names no data.train; add the file there")
    if split != "train" and paths:
        raise EdgetextError(
            f"recipe {recipe.name} has data.{split} and data.split.{split}; remove one of them"
        )
    return [Source(split, reader, path, "train", division, data.type) for path in division.paths]


def _files_of(recipe: Recipe, files: Files) -> list[Path]:
    return [path for pattern in _listed(files) for path in recipe.find_all(pattern)]


def _listed(files: Files) -> list[str]:
    return [files] if isinstance(files, str) else list(files or ())
