"""Manifests of contents that are no models."""

import hashlib

from edgetext.publishing.manifest import Manifest


def manifest_of(content, name="trips", created="2026-01-01T00:00:00.000+00:00", card=""):
    """The manifest of a content that is no model."""
    return Manifest(
        name=name,
        version=hashlib.sha256(content).hexdigest(),
        file=f"{name}.onnx",
        size=len(content),
        card=card,
        task="classify",
        variant="int8",
        runtime="onnx",
        labels={"intent": ["a"], "slots": []},
        metrics={"accuracy": 0.5},
        model_version="1",
        checkpoint_sha256="",
        metadata_sha256="",
        written_by="0",
        published_by="0",
        created=created,
    )
