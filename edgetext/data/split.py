"""One file as three splits: which part a text belongs to depends on the text alone."""

from __future__ import annotations

import hashlib


def text_key(text: str) -> str:
    """Equal for texts that differ in case and spaces alone."""
    return " ".join(text.casefold().split())


def part_of(text: str, valid: float, test: float) -> str:
    """ "train", "valid" or "test", the latter two for these shares (0 to 1) of all texts.

    Decided by SHA-256 of the text, case and spaces aside: so it is the same on every machine, does
    not change when other lines come or go, and equal texts never stand in two splits.
    """
    digest = hashlib.sha256(text_key(text).encode("utf-8")).digest()
    at = int.from_bytes(digest[:8], "big") / 2**64
    if at < test:
        return "test"
    return "valid" if at < test + valid else "train"
