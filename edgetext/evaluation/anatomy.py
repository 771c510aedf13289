"""What a model file says of itself, and where its bytes are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgetext.predictor import load
from edgetext.targets import catalog

_PLURAL = {"intent": "intents"}
REST = "graph and file structure"


@dataclass(frozen=True, slots=True)
class Anatomy:
    """facts: what the file says of itself. parts: (what, bytes), which add up to the file."""

    facts: dict[str, Any]
    parts: list[tuple[str, int]]


def anatomy(path: Path) -> Anatomy:
    """Of any model file; EdgetextError when it cannot be read."""
    predictor = load(path)
    fields = dict(predictor.metadata.fields)
    labels = fields.pop("labels")
    target = catalog.owner(path.suffix)
    facts = {
        "file": str(path),
        "bytes": path.stat().st_size,
        **fields,
        **{_PLURAL.get(kind, kind): names for kind, names in labels.items() if names},
    }
    if catalog.is_artifact(path):
        facts["golden_examples"] = len(predictor.golden)
    facts |= target.facts(path)
    parts = target.anatomy(path, predictor.session)
    return Anatomy(facts, [*parts, (REST, facts["bytes"] - sum(size for _, size in parts))])
