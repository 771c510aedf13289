"""Where a tokenizer puts its special tokens: before, between and after the texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from edgetext.text.imported.refusal import refuse


class Mark(NamedTuple):
    """A special token: its id, and the type id that it has."""

    id: int
    type_id: int


@dataclass(frozen=True, slots=True)
class Layout:
    """marks: those before the first text, after it, and so on, one more than texts; type_ids: that
    of each text's pieces."""

    marks: tuple[tuple[Mark, ...], ...]
    type_ids: tuple[int, ...]

    @property
    def added(self) -> int:
        """How many special tokens there are."""
        return sum(map(len, self.marks))


@dataclass(frozen=True, slots=True)
class Template:
    """single: the layout of one text; pair: of two."""

    single: Layout
    pair: Layout


def read_template(processor: Mapping[str, Any] | None, source: str) -> Template:
    """Read the post-processor of a tokenizer.json; EdgetextError where it cannot be compiled."""
    stages = _stages(processor)
    templates = [stage for stage in stages if stage["type"] != "ByteLevel"]
    if len(templates) != 1:
        _refuse(source, f"has {len(templates)} templates, where edgetext compiles one")
    stage = templates[0]
    match stage["type"]:
        case "TemplateProcessing":
            template = Template(_layout(stage, "single", source), _layout(stage, "pair", source))
        case "BertProcessing":
            template = _framed(stage, middle=1, second=1)
        case "RobertaProcessing":
            template = _framed(stage, middle=2, second=0)
        case kind:
            _refuse(source, f"is {kind}")
    if not template.single.added:
        _refuse(source, "adds no special token, so that an empty text would have no piece")
    return template


def trimming(processor: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The stage that takes spaces off the offsets of byte-level pieces, or None."""
    kinds = ("ByteLevel", "RobertaProcessing")
    return next((stage for stage in _stages(processor) if stage["type"] in kinds), None)


def _stages(processor: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    if processor is None:
        return []
    if processor["type"] == "Sequence":
        return [inner for stage in processor["processors"] for inner in _stages(stage)]
    return [processor]


def _framed(stage: Mapping[str, Any], middle: int, second: int) -> Template:
    """[CLS] a [SEP], and [CLS] a [SEP] … [SEP] b [SEP] with `middle` of them in the midst."""
    opening, closing = Mark(stage["cls"][1], 0), Mark(stage["sep"][1], 0)
    last = Mark(closing.id, second)
    return Template(
        Layout(((opening,), (closing,)), (0,)),
        Layout(((opening,), (closing,) * middle, (last,)), (0, second)),
    )


def _layout(stage: Mapping[str, Any], name: str, source: str) -> Layout:
    ids = {token: kind["ids"] for token, kind in stage["special_tokens"].items()}
    marks: list[list[Mark]] = [[]]
    type_ids: list[int] = []
    texts: list[str] = []
    for part in stage[name]:
        if "Sequence" in part:
            texts.append(part["Sequence"]["id"])
            type_ids.append(part["Sequence"]["type_id"])
            marks.append([])
        else:
            special = part["SpecialToken"]
            marks[-1] += [Mark(token, special["type_id"]) for token in ids[special["id"]]]
    expected: Sequence[str] = ["A"] if name == "single" else ["A", "B"]
    if texts != expected:
        _refuse(source, f"has {texts} in its {name} template, where {expected} is meant")
    return Layout(tuple(map(tuple, marks)), tuple(type_ids))


def _refuse(source: str, what: str) -> Any:
    refuse(source, "post-processor", what)
