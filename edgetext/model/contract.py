"""The artifact contract, version 1: what an `.onnx` or `.pte` file says about itself.

Both are JSON texts under the names METADATA and GOLDEN: metadata_props in ONNX, constant methods
that return uint8[k] in ExecuTorch.

Metadata: contract 1, task, name, variant ("full", "distilled", "pruned",
"int8", "int4"; a file of edgetext 0.1 says "int8" of 4 bits too), labels {"intent": [...],
"slots": [...]}, max_bytes, vocabulary_size, vocabulary_sha256, model_version, edgetext_version,
checkpoint_sha256, metrics {name: 0 to 1}, runtime ("onnx", "executorch"), inputs ["text"] or
["text", "text_b"], outputs [...]. A batch file, which answers several texts in a run, says contract
2, inputs ["text", "offsets"] and batch, how many texts a run takes at most.

Golden examples: [{"text", "intent", "score", "spans": [[slot, start, end], ...], "truncated"}],
intent and slot as their numbers in `labels`; a task of two texts has "text_b" too, one without
intents has no "intent", and one with other answers has those in their place, as parse has "nodes":
[[label, start, end, depth], ...], and multi_label "labels": [[label, score], ...].

The file ends in a seal (model.seal).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.registry import has, names
from edgetext.tasks.prediction import Prediction
from edgetext.tasks.task import Task, task_of

CONTRACT = 1
# Of a file that answers several texts in a run, and so the newest that is read here: a host that
# knows of one text alone refuses it by this number.
BATCH_CONTRACT = 2
METADATA, GOLDEN = "edgetext", "edgetext_golden"


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields that a host needs; `fields` holds all of them.

    labels: what the task publishes, by kind; "intent" and "slots" are always there. batch: how many
    texts the file takes in a run at most; 0 where it takes one alone.
    """

    task: str
    name: str
    variant: str
    labels: dict[str, tuple[str, ...]]
    max_bytes: int
    fields: dict[str, Any]
    batch: int = 0

    @property
    def intents(self) -> tuple[str, ...]:
        return self.labels["intent"]

    @property
    def slots(self) -> tuple[str, ...]:
        return self.labels["slots"]

    def rules(self) -> Task[Any]:
        """What the task is."""
        return task_of(self.task, self.labels)


@dataclass(frozen=True, slots=True)
class GoldenExample:
    """A text, or two, with the answer that every runtime must give."""

    text: str
    expected: Prediction
    text_b: str | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.text,) if self.text_b is None else (self.text, self.text_b)


def read_metadata(text: str, source: str) -> Metadata:
    """Check and read the metadata JSON of the file `source`."""
    fields = _parse(text, dict, source)
    version = fields.get("contract")
    if not isinstance(version, int):
        raise damaged(source, 'its metadata has no "contract"')
    if version > BATCH_CONTRACT:
        raise EdgetextError(
            f"{source}: a newer edgetext wrote this artifact (contract {version}; this one reads "
            f"up to {BATCH_CONTRACT}); upgrade edgetext"
        )
    task = fields.get("task")
    if not isinstance(task, str) or not has("task", task):
        raise EdgetextError(
            f"{source}: this artifact's task is {task!r}; this edgetext runs "
            f"{', '.join(names('task'))}; upgrade edgetext"
        )
    try:
        return as_metadata(fields)
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(source, f"its metadata lacks {error}") from error


def as_metadata(fields: dict[str, Any]) -> Metadata:
    """KeyError, TypeError or ValueError where a field is missing or of another kind."""
    labels = {str(kind): tuple(found) for kind, found in dict(fields["labels"]).items()}
    for kind in ("intent", "slots"):
        labels[kind]
    return Metadata(
        task=fields["task"],
        name=str(fields["name"]),
        variant=str(fields["variant"]),
        labels=labels,
        max_bytes=int(fields["max_bytes"]),
        fields=fields,
        batch=int(fields.get("batch", 0)),
    )


def read_golden(text: str, source: str, metadata: Metadata) -> list[GoldenExample]:
    """Check and read the golden examples of the file `source`, whose labels are numbers."""
    task = metadata.rules()
    try:
        return [
            GoldenExample(
                row["text"], task.from_row(row, metadata.labels), *(row[x] for x in task.inputs[1:])
            )
            for row in _parse(text, list, source)
        ]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise damaged(source, f"a golden example lacks {error}") from error


def write_golden(examples: list[GoldenExample], metadata: Metadata) -> str:
    """The JSON that `read_golden` reads."""
    task = metadata.rules()
    rows = [
        {
            **dict(zip(task.inputs, example.texts, strict=True)),
            **task.to_row(example.expected, metadata.labels),
        }
        for example in examples
    ]
    return json.dumps(rows, ensure_ascii=False)


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
