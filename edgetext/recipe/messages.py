"""What is wrong with a recipe, in one sentence that names the field and the nearest one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from edgetext.core.errors import EdgetextError
from edgetext.core.nearest import nearest

M = TypeVar("M", bound=BaseModel)


def validated(model: type[M], data: Mapping[str, Any], source: str, owner: str) -> M:
    """Validate a mapping; EdgetextError names `source` and the field.

    owner: what the model stands for, as "a recipe".
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise EdgetextError(f"{source}: {sentence(error, model, owner).lstrip('.: ')}") from error


def sentence(
    error: ValidationError, model: type[BaseModel], owner: str, shared: Iterable[str] = ()
) -> str:
    """Say the first thing wrong, in words that continue a section's name: `.layers: …` or `: …`.

    owner: what the model stands for. shared: fields that are allowed beside the model's.
    """
    first = min(error.errors(), key=lambda item: item["type"] != "extra_forbidden")
    path = "".join(f".{part}" for part in first["loc"])
    if first["type"] == "extra_forbidden":
        *parents, wrong = first["loc"]
        holder = _model_at(model, parents)
        known = {*_field_names(holder), *(shared if not parents else ())}
        owner = f"section {'.'.join(map(str, parents))}" if parents else owner
        return (
            f"{path} is not a field of {owner}{nearest(str(wrong), known)} "
            f"(known: {', '.join(sorted(known)) or 'none'})"
        )
    if first["type"] == "missing":
        return f"{path} is missing; add it to the recipe"
    if first["type"] in ("model_type", "dict_type"):
        return f"{path} is a section with fields of its own, not the value {first['input']!r}"
    if first["type"] == "value_error":  # a component's own check, in its own words
        return f"{path}: {first['ctx']['error']}"
    message = first["msg"][0].lower() + first["msg"][1:]
    return f"{path}: {message}, not {first['input']!r}"


def _field_names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_at(model: type[BaseModel], parents: Sequence[Any]) -> type[BaseModel]:
    """Find the model of a nested section through the fields' annotations."""
    for part in parents:
        field = model.model_fields.get(str(part))
        if field is None:
            return model
        options = (field.annotation, *getattr(field.annotation, "__args__", ()))
        nested = [o for o in options if isinstance(o, type) and issubclass(o, BaseModel)]
        if not nested:
            return model
        model = nested[0]
    return model
