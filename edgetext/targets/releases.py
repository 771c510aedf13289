"""The releases of a runtime that its files are for, and the refusal of older ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.model.contract import damaged

# Metadata's name for the oldest release that a file is promised for.
FIELD = "oldest_runtime"


@dataclass(frozen=True, slots=True)
class Releases:
    """Which releases of a runtime run its files.

    title, package: what it and its Python package are called. oldest: what `export` promises;
    `edgetext bench hosts` tries it. unsaid: what a file of edgetext 0.1 needs, which does not say.
    """

    title: str
    package: str
    oldest: str
    unsaid: str

    def needed(self, fields: dict[str, Any]) -> str:
        """Read from a file's metadata which release it needs at least.

        ValueError where that is no release.
        """
        release = fields.get(FIELD, self.unsaid)
        if not isinstance(release, str) or not _numbers(release):
            raise ValueError(f"a release in {FIELD}")
        return release

    def check(self, fields: dict[str, Any], here: str, source: str) -> None:
        """Raise EdgetextError when the release `here` is older than the file `source` needs."""
        try:
            needed = self.needed(fields)
        except ValueError as error:
            raise damaged(source, f"its metadata lacks {error}") from error
        if not is_older(here, needed):
            return
        cure = f'upgrade it (pip install "{self.package}>={needed}")'
        if FIELD not in fields:
            cure += (
                f", or export the checkpoint again: this edgetext writes files for {self.oldest} "
                "and newer"
            )
        raise EdgetextError(
            f"{source}: this file needs {self.title} {needed} or newer, and {here} is installed; "
            f"{cure}"
        )


def is_older(here: str, other: str) -> bool:
    """Tell whether the release `here` is older than another one."""
    return _numbers(here) < _numbers(other)


def _numbers(release: str) -> tuple[int, ...]:
    """Read the numbers that a release begins with, at least three: "1.5.0.dev1+cpu" is (1, 5, 0);
    none where it begins with no number."""
    match = re.match(r"\d+(\.\d+)*", release)
    if not match:
        return ()
    numbers = tuple(map(int, match[0].split(".")))
    return numbers + (0,) * (3 - len(numbers))
