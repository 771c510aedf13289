"""Reference windows that were stored: the JSON of `/v1/evaluation`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes


class Window(BaseModel):
    """Labels, how often each was answered, and the scores of the answers."""

    labels: dict[str, int]
    scores: list[float]


class _Drifting(BaseModel):
    window: Window


class _Model(BaseModel):
    drift: dict[str, _Drifting]


class _Evaluation(BaseModel):
    models: dict[str, _Model]


def read_reference(path: Path, names: Sequence[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """Read the windows of models by name and arm; EdgetextError where the file has none of these
    models, or is none."""
    try:
        evaluation = TypeAdapter(_Evaluation).validate_json(read_bytes(path))
    except ValidationError as error:
        raise EdgetextError(
            f"{path}: --reference is no answer of /v1/evaluation; store one with curl"
        ) from error
    windows = {
        (name, arm): drifting.window.model_dump()
        for name, model in evaluation.models.items()
        for arm, drifting in model.drift.items()
        if name in names and drifting.window.scores
    }
    if not windows:
        raise EdgetextError(
            f"{path}: --reference has no window of {' or '.join(names)}; it has "
            f"{', '.join(evaluation.models) or 'no model'}"
        )
    return windows
