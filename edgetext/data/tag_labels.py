"""What a list of tags says, as a model's labels: of each tag its label, and where spans begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edgetext.data.tags import Scheme

OUTSIDE = "O"
# The prefixes of each scheme that closes spans, and which of them begin and which end one.
_CLOSING: dict[Scheme, tuple[str, str, str]] = {
    "bilou": ("BILU", "BU", "LU"),
    "iobes": ("BIES", "BS", "ES"),
}


@dataclass(frozen=True, slots=True)
class TagLabels:
    """slots: the labels of spans, in the order of their first tags. slot: of each tag its number in
    `slots`, -1 outside. begins, ends: whether a span begins before such a word, or ends behind it,
    whatever stands there. scheme: "bio" for IOB1 too, since a list of tags does not tell them
    apart; "io" for tags without prefixes."""

    scheme: Scheme
    slots: tuple[str, ...]
    slot: tuple[int, ...]
    begins: tuple[bool, ...]
    ends: tuple[bool, ...]


def read_labels(tags: Sequence[str]) -> TagLabels:
    """Read the tags that a model answers, in its own order."""
    scheme = _scheme([tag for tag in tags if tag != OUTSIDE])
    prefixes, begins, ends = _CLOSING.get(scheme, ("BI" if scheme == "bio" else "", "B", ""))
    parts = []
    for tag in tags:
        prefix, dash, label = tag.partition("-")
        whole = not (dash and label and prefix in prefixes and len(prefix) == 1)
        parts.append(("", tag) if whole else (prefix, label))
    slots = tuple(dict.fromkeys(label for _, label in parts if label != OUTSIDE))
    return TagLabels(
        scheme,
        slots,
        tuple(-1 if label == OUTSIDE else slots.index(label) for _, label in parts),
        tuple(bool(prefix) and prefix in begins for prefix, _ in parts),
        tuple(bool(prefix) and prefix in ends for prefix, _ in parts),
    )


def _scheme(tags: Sequence[str]) -> Scheme:
    """Choose the scheme whose prefixes all of the tags have; "io" where they have none."""
    prefixes = {tag.partition("-")[0] for tag in tags if "-" in tag}
    prefixed = all(len(tag.partition("-")[0]) == 1 and "-" in tag for tag in tags)
    for scheme, (known, _, ends) in _CLOSING.items():
        if prefixed and prefixes <= set(known) and prefixes & set(ends):
            return scheme
    return "bio" if any(tag.startswith(("B-", "I-")) for tag in tags) else "io"
