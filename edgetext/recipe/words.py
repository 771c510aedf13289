"""Words of recipes that have been renamed, and the reading of recipes that still use them.

A recipe file and a `--set` with an old word are read with a warning that names the new one; a
checkpoint's own recipe is read silently, since nobody can mend it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a section that has another name now.

    section: "recipe" or the last word of the section's path. type: the section's `type:` whose
    field it is, by its new word; None where it is of every type.
    """

    section: str
    old: str
    new: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Type:
    """A component that has another name now: a value of `type:` in this kind of section."""

    section: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Restated:
    """A field of an encoder that is said by other fields now.

    type: the encoder's, by its new word. new: the field that a message names. fields: what is said
    now, from the old value and the encoder's other fields.
    """

    type: str
    old: str
    new: str
    fields: Callable[[Any, Mapping[str, Any]], dict[str, Any]]


def _kernel(value: Any, encoder: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(value, list) or not value:
        return {"kernel": value}
    return {"layers": len(value), "kernel": value[0] if len(set(map(str, value))) == 1 else value}


def _attention_after(value: Any, encoder: Mapping[str, Any]) -> dict[str, Any]:
    return {"heads": int(bool(value)), "attention_after": value or None}


def _attention_before(value: Any, encoder: Mapping[str, Any]) -> dict[str, Any]:
    layers = encoder.get("layers", CNN_LAYERS)
    if not isinstance(value, int) or not isinstance(layers, int):
        return {"attention_after": value}
    return {"attention_after": layers - value if value else None}


# The layers of a cnn that does not say how many.
CNN_LAYERS = 2
RESTATED = (
    Restated("conv", "kernels", "kernel", _kernel),
    Restated("conv", "attend", "attention_after", _attention_after),
    Restated("cnn", "after", "attention_after", _attention_before),
)
TYPES = (
    Type("encoder", "window", "conv"),
    Type("head", "match", "cross_encoder"),
    Type("head", "towers", "bi_encoder"),
)
FIELDS = (
    Field("recipe", "sampling", "sampling_temperature"),
    Field("training", "average", "ema_decay"),
    Field("training", "piece_dropout", "token_dropout"),
    Field("distillation", "rounded_epochs", "qat_epochs"),
    Field("encoder", "normalise", "normalize", type="conv"),
)
_SECTIONS = ("encoder", "head", "training", "distillation")


def current_type(section: str, name: str) -> str:
    """Give the new word for the type of an encoder or a head; the same where it has no other."""
    renamed = (word.new for word in TYPES if (word.section, word.old) == (section, name))
    return next(renamed, name)


def with_current_words(
    data: Mapping[str, Any], source: str, types: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], list[str]]:
    """Copy a recipe or student with the new word for each old one, and say what was renamed.

    types: the recipe that `data` is a part of, which knows the types of the sections. EdgetextError
    where `source` gives a field by both words.
    """
    changed = _copied(data)
    known = {path: section for _, path, section in _sections(types or {})}
    renamed: list[str] = []
    for kind, path, section in _sections(changed):
        name = section.get("type")
        if isinstance(name, str) and current_type(kind, name) != name:
            section["type"] = current_type(kind, name)
            renamed.append(f"{path}type {name} is called {section['type']} now")
        of_type = section.get("type", known.get(path, {}).get("type"))
        for word in FIELDS:
            if word.section != kind or word.old not in section:
                continue
            if word.type in (None, current_type(kind, str(of_type))):
                _replace(section, word, {word.new: section[word.old]}, path, source)
                renamed.append(f"{path}{word.old} is called {path}{word.new} now")
        if kind != "encoder":
            continue
        for restated in RESTATED:
            if restated.old in section and restated.type == current_type(kind, str(of_type)):
                fields = restated.fields(section[restated.old], {**known.get(path, {}), **section})
                _replace(section, restated, fields, path, source)
                renamed.append(f"{path}{restated.old} is called {path}{restated.new} now")
    return changed, renamed


def warn_of(renamed: list[str], source: str) -> None:
    """Log one line that names a file or an option, its old words and the new ones, if any."""
    if renamed:
        words = ", ".join(renamed)
        _log.warning("%s: %s; the old words are read for this release only", source, words)


def _replace(
    section: dict[str, Any], word: Field | Restated, new: dict[str, Any], path: str, source: str
) -> None:
    """Put new fields in the place of an old word."""
    if word.new in section:
        raise EdgetextError(
            f"{source}: {path}{word.old} is the old word for {path}{word.new}, which is given too; "
            "remove the old one"
        )
    given = dict(section)
    section.clear()
    for name, value in given.items():
        section.update(new if name == word.old else {name: value})


def _sections(data: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Walk the sections that have renamed words: (kind, path that ends in a dot, section)."""
    if not path and isinstance(data, dict):
        yield "recipe", "", data
    for kind in _SECTIONS:
        if isinstance(section := data.get(kind), dict):
            yield kind, f"{path}{kind}.", section
    if isinstance(student := data.get("student"), dict):
        yield from _sections(student, f"{path}student.")
    if isinstance(parts := data.get("tasks"), dict):
        for name, part in parts.items():
            if isinstance(part, dict):
                yield from _sections(part, f"{path}tasks.{name}.")


def _copied(value: Any) -> Any:
    """Copy mappings to any depth; other values are shared, as nothing here changes them."""
    if isinstance(value, Mapping):
        return {name: _copied(inner) for name, inner in value.items()}
    return value
