"""Snips' JSON: intents with texts in parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.formats.documents import joined, read_json, shaped, whole
from edgetext.data.reader import Item, Reader, make_example
from edgetext.registry import register


@register("reader", "snips")
class Snips(Reader):
    """`{INTENT: [{"data": [{"text", "entity"}]}]}`, as the benchmark of 2017 was published, and the
    data sets of Snips NLU, `{"intents": {INTENT: {"utterances": [...]}}}`, with slot names."""

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        document = read_json(path)
        try:
            intents = document.get("intents", document)
            texts = [
                (intent, value)
                for intent, values in intents.items()
                for value in (values if isinstance(values, list) else values["utterances"])
            ]
        except (AttributeError, KeyError, TypeError) as error:
            raise EdgetextError(
                f"{path}: not Snips' JSON; give an object of intents, each with a list of texts"
            ) from error
        for number, value in enumerate(texts, start=1):
            yield shaped(_example, value, f"{path}:text {number}", "Snips")


def _example(value: tuple[str, Any], source: str) -> Example:
    intent, utterance = value
    parts = [(p["text"], p.get("slot_name") or p.get("entity")) for p in utterance["data"]]
    text, spans = whole(*joined(parts))
    return make_example(text, intent, spans, source)
