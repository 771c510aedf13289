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
from edgetext.data.guess_fields import is_triple
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
from edgetext.data.several_labels import (
    are_several,
    listed_labels,
    marked_labels,
    parted_labels,
    with_labels,
)
from edgetext.data.taken import Taken
from edgetext.registry import register

# Prodigy's values of `answer` but accept.
REFUSED = ("reject", "ignore")


class JsonlConfig(ReaderConfig):
    """The names of the fields."""

    text: str = Field("text", description="field with the text")
    text_b: str | None = Field(None, description="field with a second text; null = none")
    intent: str | list[str] | None = Field(
        "intent",
        description="field with the label, a text or a whole number, or with several: a list, or "
        "an object with a number each (`label` is `intent`, too); or fields with 0 or 1, a label "
        "each; null = none",
    )
    label_separator: str | None = Field(
        None, min_length=1, description="between several labels in one text, as `|`; null = one"
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
        several = self._several(value, source)
        intent = None
        if config.intent is not None and several is None:
            name = label_name(str(config.intent), value)
            label = field_of(value, name, (str, int), "a text or a whole number", "intent", source)
            intent = str(label)
        if config.text_b is not None:
            second = field_of(value, config.text_b, str, "a text", "text_b", source)
            pair = make_pair(text, second, intent, source)
            return judged(pair if several is None else with_labels(pair, several))
        spans = []
        if config.spans is not None:
            name = spans_name(config.spans, value, (config.label, config.start, config.end))
            if value.get(name) is not None:
                listed = field_of(value, name, list, "a list", "spans", source)
                spans = [self._span(item, source) for item in listed]
        example = make_example(text, intent, spans, source, config.offsets)
        return example if several is None else with_labels(example, several)

    def _several(self, value: dict[str, Any], source: str) -> list[str] | None:
        """The labels of an object whose text may have several; None where it may not."""
        config = self.config
        if isinstance(config.intent, list):
            marks = (int, float, str)
            cells = {
                x: field_of(value, x, marks, "0 or 1", "intent", source) for x in config.intent
            }
            return marked_labels(cells, source)
        listed = None if config.intent is None else value.get(label_name(config.intent, value))
        if isinstance(listed, str) and config.label_separator is not None:
            return parted_labels(listed, config.label_separator)
        return listed_labels(listed) if listed is not None and are_several(listed) else None

    def with_offsets(self, unit: Offsets) -> Jsonl | None:
        return Jsonl(self.config.model_copy(update={"offsets": unit}))

    def taken(self, path: Path) -> Taken:
        """Tell the fields, with those of the first object."""
        return self.taken_of(first_object(path))

    def taken_of(self, value: Mapping[str, Any]) -> Taken:
        """Tell the fields, with those of an object."""
        config = self.config
        used: dict[str, str | None] = {"text": config.text, "text_b": config.text_b}
        marks = config.intent if isinstance(config.intent, list) else []
        if isinstance(config.intent, str):
            used["intent"] = label_name(config.intent, value)
        parts = (config.label, config.start, config.end)
        used["spans"] = config.spans and spans_name(config.spans, value, parts)
        lines = [
            f"{option}: {name}, as {value[name]!r:.60}"
            for option, name in used.items()
            if name and name in value
        ]
        lines += [f"labels: {', '.join(marks)}, 0 or 1 each"] * bool(marks)
        lines += [f"label_separator: {config.label_separator}"] * bool(config.label_separator)
        lines += [f"offsets: {config.offsets}"] * (used["spans"] in value)
        read = (*used.values(), *marks, "answer")
        return Taken(tuple(lines), tuple(key for key in value if key not in read))

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
