"""Dialogflow ES: what users say, a file an intent and language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.formats.documents import joined, read_json, shaped, whole
from edgetext.data.reader import Item, Reader, make_example
from edgetext.registry import register

NAME = re.compile(r"(?P<intent>.+)_usersays_[A-Za-z-]+\.json")


@register("reader", "dialogflow")
class Dialogflow(Reader):
    """A file INTENT_usersays_LANGUAGE.json, or a folder of such files (an agent's `intents`).

    A part's slot is its `alias`.
    """

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        files = usersays(path) if path.is_dir() else [path]
        if not files:
            raise EdgetextError(f"{path}: no file here is called INTENT_usersays_LANGUAGE.json")
        for file in files:
            named = NAME.fullmatch(file.name)
            if named is None:
                raise EdgetextError(
                    f"{file}: the intent is in the file's name; call it INTENT_usersays_en.json"
                )
            document = read_json(file)
            if not isinstance(document, list):
                raise EdgetextError(f"{file}: not what users say in Dialogflow, which is a list")
            for number, value in enumerate(document, start=1):
                yield shaped(
                    _example, (named["intent"], value), f"{file}:text {number}", "Dialogflow"
                )


def usersays(folder: Path) -> list[Path]:
    """List the files of what users say, in a folder or its `intents`, by name."""
    files = [*folder.glob("*.json"), *folder.glob("intents/*.json")]
    return sorted(file for file in files if NAME.fullmatch(file.name))


def _example(value: tuple[str, Any], source: str) -> Example:
    intent, said = value
    parts = [(part["text"], part.get("alias") or None) for part in said["data"]]
    text, spans = whole(*joined(parts))
    return make_example(text, intent, spans, source)
