"""Heads of requests that were parsed before: a client sends the same one again and again."""

from __future__ import annotations

from dataclasses import dataclass

# Heads that are remembered, and bytes of one; each with another id is another one.
MOST, MOST_HEAD = 256, 2048
END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Head:
    """What a parser made of a head. size: bytes of the body; url: as it stands in the first
    line; headers: by names in lower case, which nobody may change."""

    size: int
    method: str
    url: bytes
    path: str
    headers: dict[bytes, bytes]


class Heads:
    """Those of requests after which a connection stays, with bodies of a Content-Length. The oldest
    one makes room."""

    def __init__(self) -> None:
        self._heads: dict[bytes, Head] = {}

    def find(self, data: bytes) -> tuple[Head, bytes] | None:
        """Give the head and the body of bytes that are one whole request, None of all others."""
        end = data.find(END, 0, MOST_HEAD) + len(END)
        head = self._heads.get(data[:end])
        if head is None or head.size != len(data) - end:
            return None
        return head, data[end:]

    def add(self, data: bytes, head: Head) -> None:
        """Remember the head of bytes that a parser took for one whole request."""
        end = data.find(END, 0, MOST_HEAD) + len(END)
        if end < len(END) or len(data) - end != head.size:
            return
        if len(self._heads) >= MOST:
            del self._heads[next(iter(self._heads))]
        self._heads[data[:end]] = head
