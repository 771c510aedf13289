"""Rasa's NLU training data, in YAML and in JSON."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import yaml
from pydantic import Field

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, LeftOut
from edgetext.data.formats.documents import read_json, shaped, whole
from edgetext.data.lines import decode, read_content
from edgetext.data.reader import Item, Reader, ReaderConfig, make_example
from edgetext.registry import register

# [Oslo](city), [Oslo](city:oslo), [Oslo]{"entity": "city", "role": "to"}
_ENTITY = re.compile(r"\[(?P<value>[^\]]+)\](?:\((?P<name>[^)]+)\)|(?P<fields>\{[^}]*\}))")
_OTHERS = ("synonym", "lookup", "regex")
_OTHERS_IN_JSON = ("entity_synonyms", "lookup_tables", "regex_features")


class RasaConfig(ReaderConfig):
    roles: bool = Field(
        True, description="an entity's role and group are part of its label, as city.to"
    )


@register("reader", "rasa")
class Rasa(Reader):
    """`nlu:` of YAML (Rasa 2 and 3), or `rasa_nlu_data` of JSON (Rasa 0 and 1).

    Synonyms, lookup tables and regular expressions are no texts: left out and counted.
    """

    Config: ClassVar[type[ReaderConfig]] = RasaConfig

    def __init__(self, config: RasaConfig) -> None:
        super().__init__(config)
        self.roles = config.roles

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        if read_content(path).lstrip()[:1] == b"{":
            yield from self._of_json(path)
        else:
            yield from self._of_yaml(path)

    def _of_yaml(self, path: Path) -> Iterator[Item]:
        content = decode(read_content(path), str(path))
        try:
            document = yaml.safe_load(content)
            groups = list(document["nlu"])
        except (yaml.YAMLError, KeyError, TypeError) as error:
            raise EdgetextError(
                f"{path}: not Rasa's YAML ({type(error).__name__}); give a file with `nlu:`, a "
                "list of intents with examples"
            ) from error
        places: defaultdict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(content.split("\n"), start=1):
            places[line.strip().removeprefix("-").strip()].append(number)
        at = 0
        for group in groups:
            kind = next((name for name in _OTHERS if name in group), None)
            if kind is not None:
                yield LeftOut(f"entries left out, which are no texts: {kind}", str(path))
                continue
            for text in _texts(group.get("examples")):
                # The examples stand in the order of the file: the next line of this text is its.
                lines = places.get(text, [])
                at = next(iter(lines[bisect_right(lines, at) :]), at)
                source = f"{path}:{max(at, 1)}"
                yield shaped(self._marked, (text, group.get("intent")), source, "Rasa")

    def _marked(self, value: tuple[str, str], source: str) -> Example:
        marked, intent = value
        text = ""
        spans = []
        read = 0
        for match in _ENTITY.finditer(marked):
            text += marked[read : match.start()]
            fields = json.loads(match["fields"]) if match["fields"] else {}
            fields.setdefault("entity", (match["name"] or "").partition(":")[0])
            spans.append((self._label(fields), len(text), len(text) + len(match["value"])))
            text += match["value"]
            read = match.end()
        text, spans = whole(text + marked[read:], spans)
        return make_example(text, intent, spans, source)

    def _label(self, fields: dict[str, Any]) -> str:
        names = ("entity", "role", "group") if self.roles else ("entity",)
        return ".".join(str(fields[name]) for name in names if fields.get(name))

    def _of_json(self, path: Path) -> Iterator[Item]:
        document = read_json(path)
        try:
            data = document["rasa_nlu_data"]
            examples = list(data["common_examples"])
        except (KeyError, TypeError) as error:
            raise EdgetextError(
                f"{path}: not Rasa's JSON; give a file with rasa_nlu_data and common_examples"
            ) from error
        for name in _OTHERS_IN_JSON:
            for _ in data.get(name, ()):
                yield LeftOut(f"entries left out, which are no texts: {name}", str(path))
        for number, value in enumerate(examples, start=1):
            yield shaped(self._object, value, f"{path}:text {number}", "Rasa")

    def _object(self, value: dict[str, Any], source: str) -> Example:
        spans = [(self._label(e), e["start"], e["end"]) for e in value.get("entities") or ()]
        return make_example(value["text"], value.get("intent"), spans, source)


def _texts(examples: Any) -> Iterator[str]:
    """The examples of an intent: lines that begin with `-`, or a list of texts or objects."""
    if isinstance(examples, str):
        for line in examples.split("\n"):
            if line.strip():
                yield line.strip().removeprefix("-").strip()
    else:
        for example in examples or ():
            text = example.get("text", "") if isinstance(example, dict) else str(example)
            yield text.strip().removeprefix("- ").strip()
