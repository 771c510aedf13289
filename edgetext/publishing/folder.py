"""A repository in a folder."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from edgetext.publishing.store import Store, unreachable, unwritable

_REASONS = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "the disk is full; free some space",
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.EACCES: "no right to write there; change its permissions or choose another folder",
    errno.EPERM: "no right to write there; change its permissions or choose another folder",
    errno.ENOTDIR: "a part of the path is a file; choose another folder",
    errno.EEXIST: "a part of the path is a file; choose another folder",
}
_ABSENT = (FileNotFoundError, NotADirectoryError)
# What begins the names of contents that are being written.
_PART = "."


class Folder(Store):
    """See Store. Names that begin with a dot are contents that were not finished."""

    def __init__(self, address: str) -> None:
        self.root = Path(address)

    def names(self, key: str) -> list[str]:
        try:
            entries = os.listdir(self.root / key)
        except _ABSENT:
            return []
        except OSError as error:
            raise unreachable(str(self.root / key), _words(error)) from error
        return sorted(name for name in entries if not name.startswith(_PART))

    def read(self, key: str) -> bytes | None:
        try:
            return (self.root / key).read_bytes()
        except _ABSENT:
            return None
        except OSError as error:
            raise unreachable(str(self.root / key), _words(error)) from error

    def size(self, key: str) -> int | None:
        try:
            return (self.root / key).stat().st_size
        except _ABSENT:
            return None
        except OSError as error:
            raise unreachable(str(self.root / key), _words(error)) from error

    def age(self, key: str) -> float:
        try:
            return max(0.0, time.time() - (self.root / key).stat().st_mtime)
        except OSError:
            return 0.0

    def write(self, key: str, content: bytes) -> None:
        path = self.root / key
        temporary = path.with_name(f"{_PART}{path.name}.{secrets.token_hex(4)}")
        with _writing(path):
            _make_folder(path.parent)
            try:
                with temporary.open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, path)
                _flush_folder(path.parent)
            finally:
                with contextlib.suppress(OSError):
                    temporary.unlink(missing_ok=True)

    def delete(self, key: str) -> None:
        path = self.root / key
        with _writing(path), contextlib.suppress(*_ABSENT):
            path.unlink()
            _flush_folder(path.parent)

    def delete_folder(self, key: str) -> None:
        path = self.root / key
        with _writing(path), contextlib.suppress(*_ABSENT):
            shutil.rmtree(path)


def _make_folder(path: Path) -> None:
    """Make a folder and those above it, so that they are there after a power cut as well."""
    if path.is_dir():
        return
    if path.parent != path:
        _make_folder(path.parent)
    path.mkdir(exist_ok=True)
    _flush_folder(path.parent)


def _flush_folder(path: Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise unwritable(str(path), _words(error)) from error


def _words(error: OSError) -> str:
    reason = _REASONS.get(error.errno or 0)
    return reason or (error.strerror or str(error)).lower()
