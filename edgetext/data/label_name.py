"""The two names that the label of a text goes by in files; the order of labels."""

from __future__ import annotations

import re
from collections.abc import Collection

_OTHER = {"label": "intent", "intent": "label"}


def label_name(name: str, known: Collection[str]) -> str:
    """Give the name of the label among the `known` ones of a header or an object.

    It is `name`, or `intent` for `label` and the reverse where only that one is there.
    """
    other = _OTHER.get(name)
    return other if name not in known and other is not None and other in known else name


def in_order(labels: Collection[str]) -> list[str]:
    """Sort labels: by their value where all are whole numbers (2 before 10), else as texts."""
    if all(re.fullmatch(r"-?[0-9]+", label) for label in labels):
        return sorted(labels, key=lambda label: (int(label), label))
    return sorted(labels)
