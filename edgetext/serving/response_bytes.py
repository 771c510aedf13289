"""A response as the bytes of HTTP/1.1."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

from edgetext.serving.exchange import Response

STATUS_LINES = {
    status.value: b"HTTP/1.1 %d %s\r\n" % (status, status.phrase.encode()) for status in HTTPStatus
}


def response_bytes(
    response: Response,
    server_headers: Iterable[tuple[bytes, bytes]],
    *,
    with_body: bool,
    stays: bool,
) -> bytes:
    """Write a response; server_headers: those of every response; with_body: not of HEAD; stays:
    whether the connection does."""
    parts = [
        STATUS_LINES[response.status],
        b"content-type: ",
        response.kind,
        b"\r\ncontent-length: %d\r\n" % len(response.body),
    ]
    for name, value in (*server_headers, *response.headers):
        parts += (name, b": ", value, b"\r\n")
    parts.append(b"\r\n" if stays else b"connection: close\r\n\r\n")
    if with_body:
        parts.append(response.body)
    return b"".join(parts)
