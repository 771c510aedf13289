"""Files in the engines that are asked for."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from edgetext.conformance.likeness import cut
from edgetext.core.errors import EdgetextError
from edgetext.predictor import Predictor, load
from edgetext.targets.catalog import opener, owner
from edgetext.targets.target import Target

# Of what an engine says of a file or a text that it cannot take.
WORDS = 200


@dataclass(frozen=True, slots=True)
class Engine:
    """A file that is loaded. release: of the engine, "" where its target does not say what it is a
    package of."""

    target: Target
    release: str
    predictor: Predictor

    @property
    def title(self) -> str:
        """The engine's name with its release, as tables show it."""
        return f"{self.target.title} {self.release}".rstrip()


@dataclass(frozen=True, slots=True)
class Engines:
    """Files in runtimes; each loop over them loads one after the other anew, and holds none.

    chosen: each file with the runtime that opens it, None for its own.
    """

    chosen: Sequence[tuple[Path, str | None]]

    def __iter__(self) -> Iterator[Engine]:
        """EdgetextError for a runtime that is missing, too old, or lacks what a file is made of,
        and for a file that is damaged."""
        for file, name in self.chosen:
            yield _loaded(file, name)


def engines(files: Sequence[Path], runtimes: Sequence[str]) -> Engines:
    """Give each file in each runtime that is named, or in its own.

    EdgetextError for a runtime that opens no such file.
    """
    chosen = [(file, name) for file in files for name in runtimes or (None,)]
    for file, name in chosen:
        if name is not None:
            opener(file.suffix, name, str(file))
    return Engines(chosen)


def _loaded(file: Path, name: str | None) -> Engine:
    try:
        predictor = load(file, runtime=name)
    except ImportError as error:
        raise EdgetextError(
            f"{file}: {name or 'its runtime'} cannot be imported here ({error}); install it, or "
            "give another --runtime"
        ) from error
    except EdgetextError:
        raise
    except Exception as error:  # engines raise many kinds
        raise EdgetextError(
            f"{file}: {name or 'its runtime'} cannot load it ({in_words(error)}); give another "
            "--runtime"
        ) from error
    target = owner(file.suffix) if name is None else opener(file.suffix, name, str(file))
    return Engine(target, _release(target), predictor)


def in_words(error: Exception) -> str:
    """Name an engine's error on one line, cut where it is long."""
    return cut(" ".join(f"{type(error).__name__}: {error}".split()), WORDS)


def _release(target: Target) -> str:
    package = target.package or (target.releases.package if target.releases else "")
    try:
        return importlib.metadata.version(package) if package else ""
    except importlib.metadata.PackageNotFoundError:
        return ""
