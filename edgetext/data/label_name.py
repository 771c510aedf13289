"""The names that labels and spans go by in files; the order of labels."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

_OTHER = {"label": "intent", "intent": "label"}
SPANS = ("spans", "slots", "entities")


def label_name(name: str, known: Collection[str]) -> str:
    """Give the name of the label among the `known` ones of a header or an object.

    It is `name`, or `intent` for `label` and the reverse where only that one is there.
    """
    other = _OTHER.get(name)
    return other if name not in known and other is not None and other in known else name


def spans_name(name: str, value: Mapping[str, Any], fields: Collection[str]) -> str:
    """Give the name of the spans in an object.

    It is `name`, or another of SPANS where that alone is there and holds a list of objects which
    all have the `fields` of a span.
    """
    if name in value or name not in SPANS:
        return name
    others = [other for other in SPANS if _holds_spans(value.get(other), fields)]
    return others[0] if len(others) == 1 else name


def _holds_spans(listed: Any, fields: Collection[str]) -> bool:
    return isinstance(listed, list) and all(
        isinstance(item, dict) and set(fields) <= item.keys() for item in listed
    )


def in_order(labels: Collection[str]) -> list[str]:
    """Sort labels: by their value where all are whole numbers (2 before 10), else as texts."""
    if all(re.fullmatch(r"-?[0-9]+", label) for label in labels):
        return sorted(labels, key=lambda label: (int(label), label))
    return sorted(labels)
