"""One file as three splits: which part a text belongs to depends on the text alone, but for the few
that training must have so that it shows every label."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Hashable, Iterable


def text_key(text: str) -> str:
    """Equal for texts that differ in case and spaces alone."""
    return " ".join(text.casefold().split())


def part_of(text: str, valid: float, test: float) -> str:
    """ "train", "valid" or "test", the latter two for these shares (0 to 1) of all texts.

    Decided by SHA-256 of the text, case and spaces aside: so it is the same on every machine, does
    not change when other lines come or go, and equal texts never stand in two splits.
    """
    at = _position(text)
    if at < test:
        return "test"
    return "valid" if at < test + valid else "train"


def split_with(text: str, kept: Collection[str], valid: float, test: float) -> str:
    """Tell which split a text belongs to where training keeps some texts; see
    kept_for_training."""
    return "train" if text_key(text) in kept else part_of(text, valid, test)


def kept_for_training(
    texts: Iterable[tuple[str, Iterable[Hashable]]], valid: float, test: float
) -> frozenset[str]:
    """Choose the texts that training gets against `part_of`, by their `text_key`.

    texts: each with its labels. Of every label that training would not show, the text that is
    nearest to training, whatever the order of the lines.
    """
    shown: set[Hashable] = set()
    nearest: dict[Hashable, tuple[float, str]] = {}
    for text, labels in texts:
        if part_of(text, valid, test) == "train":
            shown.update(labels)
        else:
            place = _position(text), text_key(text)
            for label in labels:
                nearest[label] = max(nearest.get(label, place), place)
    return frozenset(key for label, (_, key) in nearest.items() if label not in shown)


def _position(text: str) -> float:
    """Where a text stands between 0 and 1, by a hash."""
    digest = hashlib.sha256(text_key(text).encode("utf-8")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
