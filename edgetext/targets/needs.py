"""What of a runtime a file needs, for a build of the runtime that holds nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

TYPE_NAMES = ("bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64")


@dataclass(frozen=True, slots=True)
class NeededOperator:
    """An operator of a file.

    name: as the runtime registers it, with its domain. since: of the operator set's version that
    defines it, "" where there are none. types: of the elements that it takes and gives.
    """

    name: str
    since: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """What a file needs of a runtime.

    operators: in the order of their names. runtime: its name and release. counts: what of how many
    there are in the whole runtime, by what is counted, as ("operators", 24, 311). delegates: whose
    own code runs parts of the file. build_config: the text that a build of the runtime takes.
    """

    operators: tuple[NeededOperator, ...]
    runtime: str
    counts: tuple[tuple[str, int, int], ...]
    delegates: tuple[str, ...]
    build_config: str


def in_order(types: Iterable[str]) -> tuple[str, ...]:
    """Sort names of element types, each once: numbers by their width, then all else."""
    rank = {name: place for place, name in enumerate(TYPE_NAMES)}
    return tuple(sorted(set(types), key=lambda name: (rank.get(name, len(rank)), name)))
