"""The id of a request, by which it is met again in logs and in feedback."""

from __future__ import annotations

import itertools
import re
import secrets

HEADER = b"x-request-id"
# What a client may call its request: nothing that ends a line of a log or of a header.
SANE = re.compile(rb"[A-Za-z0-9._~:/+=@-]{1,128}")
# Drawn anew by each process, so that counting is enough within it.
_BEGINNING = secrets.token_hex(6)
_numbers = itertools.count()


def request_id(given: bytes | None) -> str:
    """Give the id that a client sent, or a new one where it sent none or one that is not SANE."""
    if given is not None and SANE.fullmatch(given):
        return given.decode()
    return f"{_BEGINNING}-{next(_numbers):x}"
