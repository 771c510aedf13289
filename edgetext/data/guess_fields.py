"""Which fields of JSON objects hold what: told from their names and values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from edgetext.data.choices import NO_CHOICE, Choices
from edgetext.data.columns import LABEL as LABEL_NAMES
from edgetext.data.columns import TEXT, Column, label_of, marks_of, question, text_of
from edgetext.data.several_labels import are_several

_SPANS = ("spans", "slots", "entities", "label", "labels", "annotations", "ents")
# What a span's own fields are called, by the reader's.
_OF_SPAN = {
    "label": ("label", "entity", "type", "slot", "entity_group", "name"),
    "start": ("start", "begin", "start_offset", "offset_start", "startPos"),
    "end": ("end", "stop", "end_offset", "offset_end", "endPos"),
}
_WORDS = ("tokens", "words")
# What lists of labels are called.
_SEVERAL = (*LABEL_NAMES, "cats", "categories", "tags", "topics", "accept")
Objects = Sequence[Mapping[str, Any]]


def object_fields(
    path: Path,
    objects: Objects,
    choices: Choices = NO_CHOICE,
    learns: Collection[str] | None = None,
) -> dict[str, Any]:
    """Give the fields of the reader jsonl that differ from its defaults.

    learns: "intents", "slots" and so on, None where nobody learns. EdgetextError, a question with
    the choices, where two fields may be what the task learns.
    """
    keys = list(dict.fromkeys(key for value in objects for key in value))
    fields = {} if choices.said("text") is not None else _text(path, objects, keys)
    text = choices.said("text") or fields.get("text", "text")
    spans = _spans(objects, keys)
    fields |= spans
    said = choices.said("label", "intent")
    if isinstance(said, str) and "label_separator" not in choices.fields:
        fields |= _separator(_columns(objects, [said], (str,)))
    if said is None:
        rest = [key for key in keys if key not in (text, spans.get("spans", "spans"))]
        fields |= _intent(path, objects, rest, learns, bool(spans) or "spans" in keys)
    return fields


def token_fields(
    path: Path,
    objects: Objects,
    choices: Choices = NO_CHOICE,
    learns: Collection[str] | None = None,
) -> dict[str, Any]:
    """Give the fields for objects with a list of words and a tag for each; none where they have
    other texts, or no such lists.

    EdgetextError, a question with the choices, where several lists may be the tags.
    """
    lists = {
        key: [value[key] for value in objects if isinstance(value.get(key), list)]
        for key in dict.fromkeys(key for value in objects for key in value)
    }
    tokens = next((key for key in _WORDS if lists.get(key)), None)
    if tokens is None or choices.text not in (None, tokens):
        return {}
    widths = list(map(len, lists[tokens]))
    tags = [
        Column(place, key, [str(tag) for row in rows for tag in row])
        for place, (key, rows) in enumerate(lists.items())
        if key != tokens and list(map(len, rows)) == widths and _are_labels(rows)
    ]
    tags = [column for column in tags if choices.slots in (None, column.name)]
    if len(tags) > 1:
        raise question(path, "slots", tags)
    rest = [key for key in lists if key != tokens]
    named = any(key in TEXT for key in rest)
    if not tags and named:
        return {}
    intent = _intent(path, objects, rest, learns, bool(tags))
    return {"tokens": tokens, "spans": tags[0].name if tags else None, **intent}


def _are_labels(rows: Sequence[Sequence[Any]]) -> bool:
    return all(isinstance(item, (str, int)) for row in rows for item in row)


def _text(path: Path, objects: Objects, keys: Sequence[str]) -> dict[str, Any]:
    """The field of the text; EdgetextError, a question, where there is none but the label's."""
    filled = {key for value in objects for key in keys if value.get(key) is not None}
    usual = [key for key in keys if key.lower() in TEXT]
    if usual and filled.isdisjoint(usual):
        name: str | None = usual[0]  # it holds nothing, which the reader says
    else:
        columns = _columns(objects, keys, (str,))
        text = text_of(path, columns) if columns else None
        name = None if text is None else text.name
        if text is not None and name in LABEL_NAMES and len(filled) == 1:
            raise question(path, "text", [text])
    return {} if name in (None, "text") else {"text": name}


def _intent(
    path: Path,
    objects: Objects,
    keys: Sequence[str],
    learns: Collection[str] | None,
    has_spans: bool,
) -> dict[str, Any]:
    """The field of the label; or of several labels, or their fields."""
    columns = _columns(objects, keys, (str, int))
    named = [c for c in columns if c.name in LABEL_NAMES]
    if learns is not None and "intents" not in learns:
        return {"intent": None}
    if len(named) > 1 and learns is not None:
        raise question(path, "label", named)
    chosen = next((c for name in ("intent", *LABEL_NAMES) for c in named if c.name == name), None)
    if chosen is None:
        several = _several(objects, keys, named_alone=learns is None or has_spans)
        others = [c for c in columns if not c.counts_rows]
        if several in _SEVERAL or (several and not others):
            return {"intent": several}
        marks = marks_of(columns, None)
        if marks and learns is not None:
            return {"intent": marks}
    if chosen is None and learns is not None:
        chosen = label_of(path, columns, None) if columns else None
    if chosen is not None:
        separated = _separator([c for c in columns if c.place == chosen.place])
        return separated if chosen.name == "intent" else {"intent": chosen.name, **separated}
    return {"intent": None} if has_spans else {}


def _separator(columns: Sequence[Column]) -> dict[str, Any]:
    """The field `label_separator` where the cells of the label, the first column, have one."""
    separator = columns[0].separator if columns else None
    return {} if separator is None else {"label_separator": separator}


def _several(objects: Objects, keys: Sequence[str], named_alone: bool) -> str:
    """The field that lists the labels of a text, or gives a number for each, as spaCy's `cats`;
    named_alone: whether only usual names count."""
    for key in sorted(keys, key=lambda key: key not in _SEVERAL):
        if key in _WORDS or (named_alone and key not in _SEVERAL):
            continue
        values = [value[key] for value in objects if value.get(key) is not None]
        # An empty list may be one of spans.
        if any(values) and all(map(are_several, values)):
            return key
    return ""


def _spans(objects: Objects, keys: Sequence[str]) -> dict[str, Any]:
    """The field of the spans, and how their own are called."""
    for name in _SPANS:
        lists = [value[name] for value in objects if isinstance(value.get(name), list)]
        first = next((items[0] for items in lists if items), None)
        if isinstance(first, dict) and name not in ("label", "labels"):
            fields = {} if name == "spans" else {"spans": name}
            for option, names in _OF_SPAN.items():
                found = next((n for n in names if n in first), option)
                fields |= {} if found == option else {option: found}
            return fields
        if is_triple(first):
            return {} if name == "spans" else {"spans": name}
        if lists and first is None and name in ("spans", "slots", "entities"):
            return {} if name == "spans" else {"spans": name}
        if lists and first is not None and name == "spans":
            return {"spans": None}
    return {}


def is_triple(span: Any) -> bool:
    """Tell whether a span is written as [start, end, label], as doccano and spaCy have it."""
    return isinstance(span, list) and len(span) == 3 and list(map(type, span)) == [int, int, str]


def _single(value: Any) -> Any:
    """Give what a list of one holds, as Prodigy's `accept`; anything else as it is."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _columns(objects: Objects, keys: Sequence[str], kinds: tuple[type, ...]) -> list[Column]:
    """The fields whose values are of some kinds in all objects that have them."""
    columns = []
    for place, key in enumerate(keys):
        values = [_single(value[key]) for value in objects if value.get(key) is not None]
        if values and all(isinstance(v, kinds) and not isinstance(v, bool) for v in values):
            columns.append(Column(place, key, [str(v) for v in values]))
    return columns
