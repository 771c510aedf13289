"""JSON: an object a line with configurable fields, and CLINC150's published file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, LeftOut
from edgetext.data.formats.json_items import first_object, is_list, listed
from edgetext.data.formats.json_objects import as_object, field_of, read_object
from edgetext.data.guess_fields import is_triple, single
from edgetext.data.label_name import label_name, spans_name
from edgetext.data.lines import read_begin, read_content
from edgetext.data.no_label import judged
from edgetext.data.reader import (
    Item,
    LineReader,
    Offsets,
    Reader,
    ReaderConfig,
    attempt,
    make_example,
    make_pair,
)
from edgetext.data.taken import Taken
from edgetext.registry import register

# Prodigy's values of `answer` but accept.
REFUSED = ("reject", "ignore")


class JsonlConfig(ReaderConfig):
    """The names of the fields."""

    text: str = Field("text", description="field with the text")
    text_b: str | None = Field(None, description="field with a second text; null = none")
    intent: str | None = Field(
        "intent",
        description="field with the label, a text or a whole number (`label` is `intent`, too); "
        "null = none",
    )
    spans: str | None = Field(
        "spans",
        description="field with the list of spans (`spans` is `slots` and `entities`, too); "
        "null = none",
    )
    label: str = Field("label", description="a span's field with its label")
    start: str = Field("start", description="a span's field with its first offset")
    end: str = Field("end", description="a span's field with the offset after its last")
    offsets: Offsets = Field("characters", description="what start and end count")


@register("reader", "jsonl")
class Jsonl(LineReader):
    """A JSON object a line, or one list of them, of a text or of two. An object without the spans
    field has no spans.

    Characters are Unicode code points: "🙂" is one. Lines that Prodigy's annotator rejected or
    ignored, by the field `answer`, are left out and counted.
    """

    Config: ClassVar[type[ReaderConfig]] = JsonlConfig
    options: ClassVar[Mapping[str, str]] = {"text": "text", "label": "intent", "slots": "spans"}

    def __init__(self, config: JsonlConfig) -> None:
        super().__init__(config)
        self.config = config

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        if is_list(read_begin(path)):
            for line, value in listed(path):
                yield attempt(self._of_value, value, f"{path}:{line}")
        else:
            yield from super().scan(path, split)

    def example(self, row: bytes, source: str) -> Example | LeftOut:
        return self.of_object(read_object(row, source), source)

    def _of_value(self, value: Any, source: str) -> Example | LeftOut:
        return self.of_object(as_object(value, source), source)

    def of_object(self, value: dict[str, Any], source: str) -> Example | LeftOut:
        """Make the example of an object."""
        config = self.config
        if value.get("answer") in REFUSED:
            return LeftOut(f"examples left out, of Prodigy's answer {value['answer']}", source)
        text = field_of(value, config.text, str, "a text", "text", source)
        intent = None
        if config.intent is not None:
            name = label_name(config.intent, value)
            if name in value:
                value = {**value, name: single(value[name])}
            label = field_of(value, name, (str, int), "a text or a whole number", "intent", source)
            intent = str(label)
        if config.text_b is not None:
            second = field_of(value, config.text_b, str, "a text", "text_b", source)
            return judged(make_pair(text, second, intent, source))
        spans = []
        if config.spans is not None:
            name = spans_name(config.spans, value, (config.label, config.start, config.end))
            if value.get(name) is not None:
                listed = field_of(value, name, list, "a list", "spans", source)
                spans = [self._span(item, source) for item in listed]
        return make_example(text, intent, spans, source, config.offsets)

    def with_offsets(self, unit: Offsets) -> Jsonl | None:
        return Jsonl(self.config.model_copy(update={"offsets": unit}))

    def taken(self, path: Path) -> Taken:
        """Tell the fields, with those of the first object."""
        return self.taken_of(first_object(path))

    def taken_of(self, value: Mapping[str, Any]) -> Taken:
        """Tell the fields, with those of an object."""
        config = self.config
        used = {"text": config.text, "text_b": config.text_b, "intent": config.intent}
        parts = (config.label, config.start, config.end)
        used["spans"] = config.spans and spans_name(config.spans, value, parts)
        if config.intent is not None:
            used["intent"] = label_name(config.intent, value)
        lines = [
            f"{option}: {name}, as {value[name]!r:.60}"
            for option, name in used.items()
            if name is not None and name in value
        ]
        lines += [f"offsets: {config.offsets}"] * (used["spans"] in value)
        rest = (key for key in value if key not in used.values() and key != "answer")
        return Taken(tuple(lines), tuple(rest))

    def _span(self, item: Any, source: str) -> tuple[str, int, int]:
        config = self.config
        if is_triple(item):
            return item[2], item[0], item[1]
        if not isinstance(item, dict):
            raise EdgetextError(
                f"{source}: a span is not a JSON object; write {{{config.label}, {config.start}, "
                f"{config.end}}}"
            )
        return (
            field_of(item, config.label, str, "a text", "label", source),
            field_of(item, config.start, int, "a whole number", "start", source),
            field_of(item, config.end, int, "a whole number", "end", source),
        )


_SPLITS = {"train": "train", "valid": "val", "test": "test"}
_BLANK = re.compile(r"[ \t\r\n]*")


@register("reader", "clinc150")
class Clinc150(Reader):
    """CLINC150 (Larson et al. 2019): {"train": [[text, intent], …], "oos_train": …, "val": …}.

    One file holds every split, and `split` chooses: its own list, then that of its out-of-scope
    texts, whose intent is "oos".
    """

    one_file = True

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        lists = (_SPLITS[split], f"oos_{_SPLITS[split]}")
        items = list(_items(path))
        if not any(key == lists[0] for key, _, _ in items):
            raise EdgetextError(
                f"{path}: there is no list {lists[0]!r}; give CLINC150's JSON file with the "
                "lists train, val and test"
            )
        for name in lists:
            for key, line, item in items:
                if key == name:
                    yield attempt(_pair, item, f"{path}:{line}")


def _pair(item: Any, source: str) -> Example:
    if not (isinstance(item, list) and len(item) == 2 and all(isinstance(x, str) for x in item)):
        raise EdgetextError(f"{source}: {item!r:.60} is not a pair; write [text, intent]")
    return make_example(item[0], item[1], (), source)


def _items(path: Path) -> Iterator[tuple[str, int, Any]]:
    """(key, line, value) of each item of each list in {key: [item, …], …}."""
    content = read_content(path)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise EdgetextError(f"{path}:{line}: not UTF-8; save the file as UTF-8") from error
    try:
        yield from _walk(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise EdgetextError(
            f"{path}:{line}: not CLINC150's JSON ({getattr(error, 'msg', 'nested too deeply')}); "
            "give an object whose values are lists of [text, intent]"
        ) from error


def _walk(text: str) -> Iterator[tuple[str, int, Any]]:
    # json.loads gives no lines, so its decoder takes one item after the other.
    decoder = json.JSONDecoder()
    line, counted = 1, 0

    def skip(at: int) -> int:
        match = _BLANK.match(text, at)
        return match.end() if match else at

    def expect(at: int, characters: str) -> int:
        at = skip(at)
        if at >= len(text) or text[at] not in characters:
            raise json.JSONDecodeError(f"expected {' or '.join(characters)}", text, at)
        return at

    at = skip(expect(0, "{") + 1)
    while text[at : at + 1] != "}":
        key, at = decoder.raw_decode(text, expect(at, '"'))
        at = skip(expect(expect(at, ":") + 1, "[") + 1)
        while text[at : at + 1] != "]":
            line += text.count("\n", counted, at)
            counted = at
            item, at = decoder.raw_decode(text, at)
            yield key, line, item
            at = expect(at, ",]")
            at = skip(at + 1) if text[at] == "," else at
        at = expect(at + 1, ",}")
        at = skip(at + 1) if text[at] == "," else at
