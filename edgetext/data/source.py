"""Where a recipe's splits come from: its reader, the files, and the part of a file that counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.reader import BaseReader, Item, build_reader
from edgetext.data.split import part_of
from edgetext.recipe import DataConfig, Files, Recipe

SPLITS = ("train", "valid", "test")


@dataclass(frozen=True, slots=True)
class Source:
    """A split: its reader, its file (None where the reader needs none), and which texts of it.

    asked: the split that the reader is asked for, another than `split` in a file that is divided.
    """

    split: str
    reader: BaseReader
    path: Path | None
    asked: str
    keep: Callable[[str], bool] | None = None

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


def sources(recipe: Recipe) -> list[Source]:
    """The three splits of a recipe, one source a file; EdgetextError when a split is not named or
    a file is missing."""
    section = _data(recipe)
    reader = build_reader(section.type, section.own_fields)
    return [source for split in SPLITS for source in _sources_of(recipe, reader, split)]


def _data(recipe: Recipe) -> DataConfig:
    if recipe.data is None:
        raise EdgetextError(
            f"recipe {recipe.name} is of several tasks, each with data of its own; give the recipe "
            "of one of them"
        )
    return recipe.data


def _sources_of(recipe: Recipe, reader: BaseReader, split: str) -> list[Source]:
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
        return [Source(split, reader, recipe.find(path), split) for path in paths]
    if not data.train:
        raise EdgetextError(f"recipe {recipe.name} names no data.train; add the file there")
    if split != "train" and paths:
        raise EdgetextError(
            f"recipe {recipe.name} has data.{split} and data.split.{split}; remove one of them"
        )
    shares = data.split
    return [
        Source(
            split,
            reader,
            recipe.find(path),
            "train",
            keep=lambda text: part_of(text, shares.valid, shares.test) == split,
        )
        for path in _listed(data.train)
    ]


def _listed(files: Files) -> list[str]:
    return [files] if isinstance(files, str) else list(files or ())
