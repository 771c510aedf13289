"""The labels of a config.json, in the order of a head's outputs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError

_log = logger(__name__)
_UNNAMED = re.compile(r"LABEL_\d+")


def labels_of(config: Mapping[str, Any], outputs: int, source: str) -> list[str]:
    """Give as many labels as the head has outputs; EdgetextError where id2label does not fit it.

    Without id2label, and where it only counts, they are LABEL_0, LABEL_1, ...; the log says so.
    """
    given = config.get("id2label")
    if given is None:
        labels = [f"LABEL_{i}" for i in range(outputs)]
    else:
        labels = _in_order(given, source)
        if len(labels) != outputs:
            raise EdgetextError(
                f"{source}: id2label names {len(labels)} labels, and the head of the weights has "
                f"{outputs} outputs; correct config.json"
            )
    if all(_UNNAMED.fullmatch(label) for label in labels):
        _log.warning(
            "%s: id2label does not say what the labels mean; they are called %s",
            source,
            ", ".join(labels[:3]) + (", ..." if len(labels) > 3 else ""),
        )
    return labels


def _in_order(given: Any, source: str) -> list[str]:
    try:
        by_number = {int(number): label for number, label in dict(given).items()}
    except (TypeError, ValueError) as error:
        raise EdgetextError(f"{source}: id2label must give each number a label") from error
    labels = [by_number.get(i) for i in range(len(by_number))]
    if not labels or not all(isinstance(label, str) and label for label in labels):
        raise EdgetextError(
            f"{source}: id2label must give the numbers from 0 on a label each, without a gap"
        )
    names = [str(label) for label in labels]
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        raise EdgetextError(f"{source}: id2label has {twice!r} twice; give each number its own")
    return names
