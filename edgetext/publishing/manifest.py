"""What a repository says of a version: a small JSON, written last, that makes it exist."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edgetext.core.errors import EdgetextError
from edgetext.version import __version__

if TYPE_CHECKING:
    from edgetext.model.contract import Metadata

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A version of a model.

    name: the model's. version: the SHA-256 of the file in hexadecimal. file: its name in the
    version's folder; size: its bytes. card: the name of the model card beside it, "" without one.
    task, variant, runtime, labels, metrics, model_version, checkpoint_sha256: as in the file's
    metadata; metadata_sha256: of that, as JSON with sorted keys. written_by: the edgetext that
    wrote the file; published_by: the one that published it. created: when, in UTC (ISO 8601).
    """

    name: str
    version: str
    file: str
    size: int
    card: str
    task: str
    variant: str
    runtime: str
    labels: dict[str, list[str]]
    metrics: dict[str, float]
    model_version: str
    checkpoint_sha256: str
    metadata_sha256: str
    written_by: str
    published_by: str
    created: str
    format: int = FORMAT

    def to_json(self) -> bytes:
        """Write the JSON that `read_manifest` reads."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n").encode()


def describe(metadata: Metadata, name: str, content: bytes, path: Path, card: bool) -> Manifest:
    """Make the manifest of a file's content. card: whether a model card goes with it."""
    said = metadata.fields
    row = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return Manifest(
        name=name,
        version=hashlib.sha256(content).hexdigest(),
        file=f"{name}{path.suffix}",
        size=len(content),
        card=f"{name}.md" if card else "",
        task=metadata.task,
        variant=metadata.variant,
        runtime=str(said.get("runtime", "pytorch")),
        labels={kind: list(labels) for kind, labels in metadata.labels.items()},
        metrics=dict(said.get("metrics", {})),
        model_version=str(said.get("model_version", "")),
        checkpoint_sha256=str(said.get("checkpoint_sha256", "")),
        metadata_sha256=hashlib.sha256(row.encode()).hexdigest(),
        written_by=str(said.get("edgetext_version", "")),
        published_by=__version__,
        created=now(),
    )


def now() -> str:
    """Give the time in UTC, as ISO 8601 has it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def read_manifest(content: bytes, name: str, version: str, source: str) -> Manifest:
    """Read the manifest `source`; EdgetextError where it is none, or of another version."""
    try:
        row = json.loads(content)
        if not isinstance(row, Mapping) or not isinstance(row["format"], int):
            raise ValueError("it is another JSON")
        if row["format"] > FORMAT:
            raise EdgetextError(
                f"{source}: a newer edgetext published this version (format {row['format']}); "
                "upgrade edgetext"
            )
        manifest = _checked(row)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise EdgetextError(
            f"{source}: this manifest is damaged ({error}); take the version's folder away and "
            "publish the file again"
        ) from error
    if (manifest.name, manifest.version) != (name, version):
        raise EdgetextError(
            f"{source}: the manifest is of {manifest.name}@{manifest.version[:12]} and lies where "
            f"{name}@{version[:12]} is; take the version's folder away and publish the file again"
        )
    return manifest


def _checked(row: Mapping[str, Any]) -> Manifest:
    """ValueError or KeyError where a field is missing or of another kind."""
    kinds = {"size": int, "format": int, "labels": dict, "metrics": dict}
    for field in fields(Manifest):
        if not isinstance(row[field.name], kinds.get(field.name, str)):
            raise ValueError(f"{field.name} is of another kind")
    for name in (row["file"], row["card"]):
        # It becomes the name of a local file.
        if "/" in name or "\\" in name or name.startswith("."):
            raise ValueError(f"{name} is no name of a file")
    return Manifest(**{field.name: row[field.name] for field in fields(Manifest)})
