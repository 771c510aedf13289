"""Where a recipe's splits come from: its reader, the files, and the part of a file that counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.reader import BaseReader, Item, build_reader
from edgetext.data.split import kept_for_training, split_with
from edgetext.recipe import DataConfig, Files, Recipe

SPLITS = ("train", "valid", "test")


@dataclass(frozen=True, slots=True)
class Source:
    """A split: its reader, its file (None where the reader needs none), and which texts of it.

    asked: the split that the reader is asked for, another than `split` in a file that is divided.
    type: the reader's name.
    """

    split: str
    reader: BaseReader
    path: Path | None
    asked: str
    keep: Callable[[str], bool] | None = None
    type: str = ""

    @property
    def name(self) -> str:
        return str(self.path) if self.path is not None else self.split

    def read(self) -> Iterator[Example]:
        """The examples; what a bad line does is the reader's to say."""
        return self._kept(self.reader.read(self.path, self.asked))

    def scan(self) -> Iterator[Item]:
        """The examples and the errors of bad lines, where the reader can tell them apart."""
        if self.path is not None:
            yield from self._kept(self.reader.scan(self.path, self.asked))
        else:
            yield from self.read()

    def _kept(self, items: Iterator[Any]) -> Iterator[Any]:
        for item in items:
            if self.keep is None:
                yield item
            elif isinstance(item, Example):
                if self.keep(self.reader.split_key(item)):
                    yield item
            elif self.split == "train":  # a bad line has no text to divide by; name it once
                yield item


class Division:
    """Which split each text of a recipe's training files goes to, by `data.split`.

    The files are read once more than their splits are, when the first text asks, to find the labels
    that training would not show.
    """

    def __init__(self, reader: BaseReader, recipe: Recipe) -> None:
        self.reader = reader
        self.recipe = recipe
        shares = _data(recipe).split
        self.shares = (shares.valid, shares.test) if shares is not None else (0.0, 0.0)

    @cached_property
    def paths(self) -> list[Path]:
        """The training files; EdgetextError where one is missing."""
        return [self.recipe.find(path) for path in _listed(_data(self.recipe).train)]

    @cached_property
    def kept(self) -> frozenset[str]:
        """The texts that training has for the sake of their labels, by `text_key`."""
        return kept_for_training(
            (
                (self.reader.split_key(item), item.labels)
                for path in self.paths
                for item in self.reader.scan(path, "train")
                if isinstance(item, Example)
            ),
            *self.shares,
        )

    def has(self, split: str, text: str) -> bool:
        """Tell whether a text belongs to a split."""
        return split_with(text, self.kept, *self.shares) == split


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
        return [Source(split, reader, recipe.find(path), split, type=data.type) for path in paths]
    if not data.train:
        raise EdgetextError(f"recipe {recipe.name} names no data.train; add the file there")
    if split != "train" and paths:
        raise EdgetextError(
            f"recipe {recipe.name} has data.{split} and data.split.{split}; remove one of them"
        )
    return [
        Source(split, reader, path, "train", partial(division.has, split), data.type)
        for path in division.paths
    ]


def _listed(files: Files) -> list[str]:
    return [files] if isinstance(files, str) else list(files or ())
