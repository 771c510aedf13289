"""The artifact contract, version 1: what an `.onnx` or `.pte` file says about itself.

Both are JSON texts under the names METADATA and GOLDEN: metadata_props in ONNX, constant methods
that return uint8[k] in ExecuTorch.

Metadata: contract 1, task, name, variant ("full", "distilled", "int8"), labels {"intent": [...],
"slots": [...]}, max_bytes, vocabulary_size, vocabulary_sha256, model_version, edgetext_version,
checkpoint_sha256, metrics {name: 0 to 1}, runtime ("onnx", "executorch"), outputs [...].

Golden examples: [{"text", "intent", "score", "spans": [[slot, start, end], ...], "truncated"}],
intent and slot as their numbers in `labels`.

The file ends in a seal (runtime.seal).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from edgetext.data.example import Span
from edgetext.errors import EdgetextError
from edgetext.runtime.prediction import Prediction

CONTRACT = 1
METADATA, GOLDEN = "edgetext", "edgetext_golden"
TASKS = ("classify", "joint")
# The largest difference of a golden example's score: int8 rounds inputs as each runtime does.
SCORE_TOLERANCE = 0.05
OUTPUTS = {"classify": ("scores", "truncated"), "joint": ("scores", "spans", "truncated")}


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields that a host needs; `fields` holds all of them."""

    task: str
    name: str
    variant: str
    intents: tuple[str, ...]
    slots: tuple[str, ...]
    max_bytes: int
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class GoldenExample:
    """A text with the answer that every runtime must give."""

    text: str
    expected: Prediction


def read_metadata(text: str, source: str) -> Metadata:
    """Check and read the metadata JSON of the file `source`."""
    fields = _parse(text, dict, source)
    version = fields.get("contract")
    if not isinstance(version, int):
        raise damaged(source, 'its metadata has no "contract"')
    if version > CONTRACT:
        raise EdgetextError(
            f"{source}: a newer edgetext wrote this artifact (contract {version}; this one reads "
            f"up to {CONTRACT}); upgrade edgetext"
        )
    if fields.get("task") not in TASKS:
        raise EdgetextError(
            f"{source}: this artifact's task is {fields.get('task')!r}; this edgetext runs "
            f"{' and '.join(TASKS)}; upgrade edgetext"
        )
    try:
        return as_metadata(fields)
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(source, f"its metadata lacks {error}") from error


def as_metadata(fields: dict[str, Any]) -> Metadata:
    """KeyError, TypeError or ValueError where a field is missing or of another kind."""
    labels = fields["labels"]
    return Metadata(
        task=fields["task"],
        name=str(fields["name"]),
        variant=str(fields["variant"]),
        intents=tuple(labels["intent"]),
        slots=tuple(labels["slots"]),
        max_bytes=int(fields["max_bytes"]),
        fields=fields,
    )


def read_golden(text: str, source: str, metadata: Metadata) -> list[GoldenExample]:
    """Check and read the golden examples of the file `source`, whose labels are numbers."""
    intents, slots = metadata.intents, metadata.slots
    try:
        return [
            GoldenExample(
                row["text"],
                Prediction(
                    intent=intents[row["intent"]],
                    score=float(row["score"]),
                    spans=tuple(Span(slots[x], int(s), int(e)) for x, s, e in row["spans"]),
                    truncated=bool(row["truncated"]),
                ),
            )
            for row in _parse(text, list, source)
        ]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise damaged(source, f"a golden example lacks {error}") from error


def write_golden(examples: list[GoldenExample], metadata: Metadata) -> str:
    """The JSON that `read_golden` reads."""
    intents, slots = metadata.intents, metadata.slots
    rows = [
        {
            "text": example.text,
            "intent": intents.index(example.expected.intent),
            "score": round(example.expected.score, 4),
            "spans": [[slots.index(s.label), s.start, s.end] for s in example.expected.spans],
            "truncated": example.expected.truncated,
        }
        for example in examples
    ]
    return json.dumps(rows, ensure_ascii=False)


def agree(expected: Prediction, found: Prediction) -> bool:
    """Whether an answer counts as the same: all equal, the score within SCORE_TOLERANCE."""
    return (
        expected.intent == found.intent
        and expected.spans == found.spans
        and expected.truncated == found.truncated
        and abs(expected.score - found.score) <= SCORE_TOLERANCE
    )


def damaged(source: str, what: str) -> EdgetextError:
    return EdgetextError(
        f"{source}: this artifact is damaged or cut short ({what}); copy it again, or export it "
        "again with `edgetext export`"
    )


def _parse(text: str, kind: type, source: str) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise damaged(source, "its metadata is not JSON") from error
    if not isinstance(value, kind):
        raise damaged(source, "its metadata is of another form")
    return value
