"""What each runtime's folder declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from edgetext.targets import catalog
from edgetext_bench.hosts.host import PATIENCE, Ask, Host, in_process


def _no_others(folder: Path) -> list[Host]:
    return []


@dataclass(frozen=True, slots=True)
class Runtime:
    """A runtime as the benchmark asks it.

    name: of its target, which is that of its Python package too. releases: those that are asked,
    from the oldest that is promised to the newest. worker: the script that answers in it, without
    edgetext. levels: what the script can be told first, each another way to ask; () where there is
    one way. in_app: whether the demo app on a device runs its files. clips: whether a host gives it
    at most one byte more of a text than the model reads. others: its hosts that are not Python, by
    the folder of what is installed for hosts alone.
    """

    name: str
    releases: tuple[str, ...]
    worker: Path
    levels: tuple[str, ...] = ()
    in_app: bool = False
    clips: bool = False
    others: Callable[[Path], list[Host]] = _no_others

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The files that it runs."""
        return suffixes_of(self.name)

    @property
    def way(self) -> str:
        """What rows call it where one of its files is run as `load` runs it."""
        return catalog.target_named(self.name).ways[0].name

    def ask(
        self,
        python: Sequence[str],
        environment: Mapping[str, str],
        patience: float = PATIENCE,
    ) -> dict[str, Ask]:
        """Give the ways to ask it in a Python of its own, by the level.

        python: the command of the Python that has it, to which the environment is added. patience:
        in seconds.
        """
        command = [*python, "-P", str(self.worker)]
        if not self.levels:
            return {"": in_process(command, environment, patience)}
        return {
            level: in_process([*command, level], environment, patience) for level in self.levels
        }


def suffixes_of(name: str) -> tuple[str, ...]:
    """Give the suffixes of a target's own files, the one that `export` writes first."""
    return tuple(form.suffix for form in catalog.target_named(name).formats)
