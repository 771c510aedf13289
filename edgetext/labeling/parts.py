"""The folder where finished parts wait, so that a run that was stopped goes on."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.core.files import alone_in, read_bytes, write_bytes, write_text

JOB = "job.json"
# What stdin held, so that it can be read more than once.
STDIN = "stdin"
_PART = re.compile(r"part-(\d{6,})-(\d+)")
# What a process that was killed leaves of a file that it was writing begins with a point.
_TEMPORARY = "."


class Parts:
    """The folder OUT.parts. A part is called by its number and how many rows it has."""

    def __init__(self, output: Path) -> None:
        self.folder = output.with_name(output.name + ".parts")
        self.is_new = False

    @contextlib.contextmanager
    def opened(self) -> Iterator[None]:
        """Keep the folder while the block runs, from other processes, too.

        It goes again where it was new and the block ends without a part in it. EdgetextError where
        it cannot be written, or is no such folder.
        """
        self._make()
        try:
            with alone_in(self.folder):
                for path in self.folder.iterdir():
                    if path.name.startswith(_TEMPORARY):
                        path.unlink(missing_ok=True)
                yield
        finally:
            if self.is_new and self.folder.is_dir() and not self.done():
                shutil.rmtree(self.folder, ignore_errors=True)

    def agree(self, identity: Mapping[str, Any], anew: bool) -> None:
        """Hold what is there to what this run is; EdgetextError where it is of another.

        identity: what decides the bytes of parts, by words that a sentence can name. anew: parts of
        another run are deleted.
        """
        path = self.folder / JOB
        before: Any = None
        if path.exists():
            with contextlib.suppress(ValueError):
                before = json.loads(read_bytes(path))
        if before == json.loads(json.dumps(identity)):
            return
        if self.done():
            if not anew:
                known = before if isinstance(before, dict) else {}
                others = [name for name, value in identity.items() if known.get(name) != value]
                raise EdgetextError(
                    f"{self.folder}: a run with {_others(others)} was stopped here, and its parts "
                    "do not fit; give what it was given, --force to begin anew, or another OUT"
                )
            for part, _ in self.done().values():
                part.unlink()
        write_text(path, json.dumps(identity, ensure_ascii=False, indent=1) + "\n")

    def done(self) -> dict[int, tuple[Path, int]]:
        """Give the path and the rows of each part that is there, by its number, in their order."""
        parts: dict[int, tuple[Path, int]] = {}
        for path in sorted(self.folder.iterdir()):
            if match := _PART.fullmatch(path.name):
                parts[int(match[1])] = path, int(match[2])
        return dict(sorted(parts.items()))

    def write(self, number: int, rows: int, content: bytes) -> None:
        """Keep a part; EdgetextError where the disk is full."""
        try:
            write_bytes(self.folder / f"part-{number:06d}-{rows}", content)
        except EdgetextError as error:
            raise EdgetextError(
                f"{error}; {len(self.done())} finished parts are kept, and the same command goes on"
            ) from error

    def clear(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make(self) -> None:
        if self.folder.exists():
            names = [path.name for path in self.folder.iterdir()] if self.folder.is_dir() else [""]
            ours = all(
                _PART.fullmatch(name) or name in (JOB, STDIN) or name.startswith(_TEMPORARY)
                for name in names
            )
            if not ours:
                raise EdgetextError(
                    f"{self.folder}: parts are kept in a folder of this name, and this one is none "
                    "of `label`'s; move it away, or give another OUT"
                )
            return
        try:
            self.folder.mkdir(parents=True)
        except OSError as error:
            raise EdgetextError(
                f"{self.folder}: the folder of the parts cannot be made "
                f"({(error.strerror or str(error)).lower()}); give another OUT"
            ) from error
        self.is_new = True


def _others(names: list[str]) -> str:
    return " and ".join(f"another {name}" for name in names)
