"""Ways to serve a model, the cheapest first."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    """A file, served by so many processes of so many threads each; deadline_ms: after which a
    request is refused, 0 for never."""

    model: Path
    processes: int
    threads: int
    deadline_ms: int

    @property
    def cores(self) -> int:
        """How many cores it can keep busy."""
        return self.processes * self.threads

    @property
    def arguments(self) -> list[str]:
        """The arguments of `edgetext serve` but for --workers."""
        return [
            str(self.model),
            *("--threads", str(self.threads), "--deadline-ms", str(self.deadline_ms)),
        ]

    @property
    def command(self) -> str:
        """The command that serves so."""
        return shlex.join(["edgetext", "serve", *self.arguments, "--workers", str(self.processes)])

    def __str__(self) -> str:
        return (
            f"{self.model.name}, {self.processes} x {self.threads}"
            f", deadline {f'{self.deadline_ms} ms' if self.deadline_ms else 'none'}"
        )


def grid(
    models: Sequence[Path],
    processes: Iterable[int],
    threads: Iterable[int],
    deadlines: Iterable[int],
    most: int,
) -> list[Setting]:
    """Give all settings with at most `most` cores, those of the fewest cores first, and of as many
    cores those of the fewest threads."""
    settings = [Setting(*one) for one in product(models, processes, threads, deadlines)]
    within = [setting for setting in settings if setting.cores <= most]
    return sorted(within, key=lambda setting: (setting.cores, setting.threads))


def counts(most: int) -> list[int]:
    """Give 1, 2, 4 and so on up to `most`, and `most` itself."""
    return sorted({*(1 << i for i in range(most.bit_length())), most})
