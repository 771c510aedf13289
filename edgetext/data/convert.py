"""Examples of any format as edgetext's JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example


def as_jsonl(examples: Iterable[Example]) -> str:
    """Write an object a line, as the reader `jsonl` reads them by itself: text, text_b, intent, and
    spans in characters.

    EdgetextError for an example with a tree, or with texts that answer it, which have no such form.
    """
    return "".join(json.dumps(_object(e), ensure_ascii=False) + "\n" for e in examples)


def _object(example: Example) -> dict[str, Any]:
    if example.nodes or example.references:
        what = "a tree" if example.nodes else "a text as its answer"
        raise EdgetextError(
            f"{example.source}: this text has {what}, which JSON Lines of texts, labels and spans "
            "have no form for; train on the file as it is"
        )
    value: dict[str, Any] = {"text": example.text}
    if example.text_b is not None:
        value["text_b"] = example.text_b
    if example.intents is not None:
        value["intent"] = list(example.intents)
    elif example.intent is not None:
        value["intent"] = example.intent
    if example.spans:
        raw = example.texts[-1].encode("utf-8")
        value["spans"] = [
            {
                "label": span.label,
                "start": len(raw[: span.start].decode("utf-8")),
                "end": len(raw[: span.end].decode("utf-8")),
            }
            for span in example.spans
        ]
    return value
