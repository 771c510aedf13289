"""A repository in an object store, by fsspec."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.publishing.store import Store, unreachable, unwritable

# What fsspec's file systems call the time at which an object was written.
_TIMES = ("LastModified", "last_modified", "mtime", "updated", "created")


class Objects(Store):
    """See Store. What is under the address is never taken from a cache: others write it, too."""

    def __init__(self, address: str) -> None:
        import fsspec

        self.address = address.rstrip("/")
        try:
            # Without its cache of instances, which would be one that lists from a cache.
            self.files, self.root = fsspec.core.url_to_fs(
                self.address, use_listings_cache=False, skip_instance_cache=True
            )
        except ImportError as error:
            raise EdgetextError(
                f"{address}: what reaches this address is not installed "
                f"({_line(error).rstrip('.')}); add it with pip, or give a folder"
            ) from error
        except Exception as error:
            raise EdgetextError(
                f"{address}: this is no address of a repository ({_line(error)}); give a folder or "
                "an address as s3://bucket/prefix"
            ) from error

    def names(self, key: str) -> list[str]:
        with self._reading(key):
            try:
                entries = self.files.ls(self._path(key), detail=False)
            except (FileNotFoundError, NotADirectoryError):
                return []
            # A store that has folders may give the folder itself.
            inside = f"{self._path(key)}/"
            paths = [entry.rstrip("/") for entry in entries]
            return sorted(path[len(inside) :] for path in paths if path.startswith(inside))

    def read(self, key: str) -> bytes | None:
        with self._reading(key):
            try:
                return bytes(self.files.cat_file(self._path(key)))
            except (FileNotFoundError, IsADirectoryError):
                return None

    def size(self, key: str) -> int | None:
        fields = self._about(key)
        return None if fields is None else int(fields["size"])

    def age(self, key: str) -> float:
        fields = self._about(key) or {}
        written = next((fields[name] for name in _TIMES if fields.get(name)), None)
        if isinstance(written, str):
            written = datetime.fromisoformat(written)
        if isinstance(written, datetime):
            written = written.replace(tzinfo=written.tzinfo or UTC).timestamp()
        return 0.0 if written is None else max(0.0, time.time() - float(written))

    def write(self, key: str, content: bytes) -> None:
        with self._writing(key):
            self.files.pipe_file(self._path(key), content)

    def delete(self, key: str) -> None:
        with self._writing(key), contextlib.suppress(FileNotFoundError):
            self.files.rm_file(self._path(key))

    def delete_folder(self, key: str) -> None:
        with self._writing(key), contextlib.suppress(FileNotFoundError):
            self.files.rm(self._path(key), recursive=True)

    def _about(self, key: str) -> dict[str, Any] | None:
        with self._reading(key):
            try:
                return dict(self.files.info(self._path(key)))
            except FileNotFoundError:
                return None

    def _path(self, key: str) -> str:
        return f"{self.root}/{key}" if key else self.root

    @contextlib.contextmanager
    def _reading(self, key: str) -> Iterator[None]:
        # Each library behind fsspec raises exceptions of its own.
        try:
            yield
        except Exception as error:
            raise unreachable(f"{self.address}/{key}".rstrip("/"), _line(error)) from error

    @contextlib.contextmanager
    def _writing(self, key: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            raise unwritable(f"{self.address}/{key}".rstrip("/"), _line(error)) from error


def _line(error: Exception) -> str:
    """Give the first line of an error that a library raised."""
    text = str(getattr(error, "strerror", None) or error).strip()
    return text.splitlines()[0] if text else type(error).__name__
