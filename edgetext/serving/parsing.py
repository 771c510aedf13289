"""Requests of the bytes of a connection, by httptools, or by a head that was parsed before."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import unquote

import httptools

from edgetext.serving.exchange import Request
from edgetext.serving.heads import Head, Heads
from edgetext.serving.incoming import Incoming

# Bytes of a request's first line and headers.
MOST_HEAD = 1 << 16
# Those of a first line and of a header beside what the parser gives of them.
_LINE_BYTES, _HEADER_BYTES = len(b"  HTTP/1.1\r\n\r\n"), len(b": \r\n")


class Requests:
    """What comes on one connection.

    headed: called with a request and its address, as it stands in the first line, once its head is
    there; whole: called once it is there to the end. reading: the request whose body comes; head:
    bytes that came since its begin, 0 where the next one begins; beside: those of its head, or
    since the last of its body; since: seconds of `clock` when the one that was begun last did;
    too_large: whether the parser stopped at a head of more than
    MOST_HEAD bytes.
    """

    def __init__(
        self,
        heads: Heads,
        headed: Callable[[Incoming, bytes], None],
        whole: Callable[[], None],
        clock: Callable[[], float],
    ) -> None:
        self._heads = heads
        self._headed = headed
        self._whole = whole
        self._clock = clock
        self._parser = httptools.HttpRequestParser(self)
        # Whether what comes next is the begin of a request.
        self._between = True
        self.reading: Incoming | None = None
        self.head = self.beside = 0
        self.too_large = False
        self.since = clock()

    def feed(self, data: bytes) -> None:
        """Take what has come; httptools.HttpParserError where it is no HTTP/1.1."""
        between = self._between
        if between:
            known = self._heads.find(data)
            if known is not None:
                self._take(*known)
                return
        self._parse(data)
        if between and self._between:
            self._remember(data)

    def close(self) -> None:
        """Let the parser go. It has this in it, and both go at once, without a search for
        cycles."""
        del self._parser
        self.reading = None

    def _parse(self, data: bytes) -> None:
        self.head += len(data)
        self.beside += len(data)
        while data:
            try:
                self._parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as upgrade:
                data = self._without_upgrade() + data[upgrade.args[0] :]
                self._parser = httptools.HttpRequestParser(self)

    def _take(self, head: Head, body: bytes) -> None:
        """Make a request whose head was parsed before."""
        self.since = self._clock()
        incoming = Incoming(Request(head.method, head.path, head.headers, time.perf_counter()))
        incoming.keeps_alive = incoming.complete = True
        incoming.parts.append(body)
        self._headed(incoming, head.url)
        self._whole()

    def _remember(self, data: bytes) -> None:
        """Keep the head of what was parsed, where it was one whole request and no special one."""
        headers, size = self._headers, self._headers.get(b"content-length", b"0")
        if self._keeps_alive and b"expect" not in headers and b"transfer-encoding" not in headers:
            self._heads.add(data, Head(int(size), self._method, self._url, self._path, headers))

    # What httptools calls.

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._between = self._keeps_alive = False
        self._url = b""
        self._size = _LINE_BYTES
        self._headers: dict[bytes, bytes] = {}
        self._arrival = time.perf_counter()
        self.since = self._clock()

    def on_url(self, url: bytes) -> None:
        """Take a part of the address."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; of one that comes twice the last, as of a dictionary of them.

        What comes behind a chunked body is dropped: no header of the request may stand there (RFC
        9110, 6.5.1).
        """
        if self.reading is not None:
            return
        self._headers[name.lower()] = value
        self._size += len(name) + len(value) + _HEADER_BYTES

    def on_headers_complete(self) -> None:
        """Make the request, whose body comes next."""
        parser = self._parser
        if self._size + len(self._url) + len(parser.get_method()) > MOST_HEAD:
            # However it came: a head that is there as a whole was never seen as one that grows.
            self.too_large = True
            raise ValueError("a large head")
        self._path = path_of(self._url)
        if parser.should_upgrade():
            if parser.get_method() == b"CONNECT":
                raise ValueError("no proxy")
            return
        self._method = parser.get_method().decode()
        self._keeps_alive = parser.should_keep_alive() and parser.get_http_version() != "1.0"
        incoming = Incoming(Request(self._method, self._path, self._headers, self._arrival))
        incoming.keeps_alive = self._keeps_alive
        incoming.expects = self._headers.get(b"expect", b"").lower() == b"100-continue"
        self.reading = incoming
        self.beside = 0
        self._headed(incoming, self._url)

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self.beside = 0
        if self.reading is not None:
            self.reading.add(body)

    def on_message_complete(self) -> None:
        """End a request."""
        self._between = True
        incoming, self.reading, self.head = self.reading, None, 0
        if incoming is not None:
            incoming.complete = True
            incoming.wake()
            self._whole()

    def _without_upgrade(self) -> bytes:
        """Give the head of a request that asks for another protocol, without that wish.

        This one may stay, by RFC 9110 (7.8); the client of Java's own library asks for HTTP/2 in
        this way unless it is told not to. httptools takes what follows the head for the other one,
        a body, too.
        """
        headers = {**self._headers}
        headers.pop(b"upgrade", None)
        closes = b"close" in headers.pop(b"connection", b"").lower()
        rows = [b"%s: %s\r\n" % row for row in headers.items()]
        rows += [b"connection: close\r\n"] if closes else []
        method = self._parser.get_method()
        return b"%s %s HTTP/1.1\r\n%s\r\n" % (method, self._url, b"".join(rows))


@lru_cache(256)
def path_of(url: bytes) -> str:
    """Give the path of a request's address; httptools.HttpParserError where there is none."""
    path: str = (httptools.parse_url(url).path or b"").decode("ascii")
    return unquote(path) if "%" in path else path
