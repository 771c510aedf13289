"""The two names that the label of a text goes by in files: `label` and `intent`."""

from __future__ import annotations

from collections.abc import Collection

_OTHER = {"label": "intent", "intent": "label"}


def label_name(name: str, known: Collection[str]) -> str:
    """Give the name of the label among the `known` ones of a header or an object.

    It is `name`, or `intent` for `label` and the reverse where only that one is there.
    """
    other = _OTHER.get(name)
    return other if name not in known and other is not None and other in known else name
