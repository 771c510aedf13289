"""Where a repository's files are: a folder, or what fsspec reaches (S3, Google Cloud Storage, …).

What the repository relies on, and all that it relies on:

1. `write` is atomic: whoever reads a key reads the whole content or that there is none. A folder
   has it by a temporary name, fsync, a rename and an fsync of the folder; object stores by putting
   an object in one request, or in parts that are joined by the last request.
2. A key that was written is seen by every later `read` and `names`. Folders have it; so have S3,
   Google Cloud Storage and Azure, which list what was written before.

No lock and no conditional write is needed: nothing is ever written under a key that another writer
could mean for other content (see repository and stages).
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from edgetext.core.errors import EdgetextError


class Store(ABC):
    """Contents by keys, which are names with / between them. Each method raises EdgetextError
    where the store cannot be reached or refuses."""

    @abstractmethod
    def names(self, key: str) -> list[str]:
        """Give the names directly under a key, sorted; none where there is nothing."""

    @abstractmethod
    def read(self, key: str) -> bytes | None:
        """Give a content; None where there is none."""

    @abstractmethod
    def size(self, key: str) -> int | None:
        """Give the bytes of a content; None where there is none."""

    @abstractmethod
    def age(self, key: str) -> float:
        """Give the seconds since a content was written; 0 where that is not known."""

    @abstractmethod
    def write(self, key: str, content: bytes) -> None:
        """Write a content, whole or not at all."""

    @abstractmethod
    def delete(self, key: str) -> None:
        """Take a content away; nothing happens where there is none."""

    @abstractmethod
    def delete_folder(self, key: str) -> None:
        """Take away all that is under a key, in any order."""


def open_store(address: str) -> Store:
    """Give the store of a folder or of an address as s3://bucket/prefix; EdgetextError where what
    reaches it is not installed."""
    if address.startswith("file://"):
        address = address.removeprefix("file://")
    if "://" not in address:
        from edgetext.publishing.folder import Folder

        return Folder(address)
    from edgetext.publishing.objects import Objects

    return Objects(address)


def unreachable(place: str, reason: str) -> EdgetextError:
    """Say that a store cannot be read."""
    return EdgetextError(f"{place}: the repository cannot be read ({reason})")


def unwritable(place: str, reason: str) -> EdgetextError:
    """Say that a store takes no content."""
    return EdgetextError(f"{place}: the repository takes no file ({reason}); nothing was changed")
