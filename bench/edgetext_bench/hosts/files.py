"""The exported files of a checkpoint, made where they are missing."""

from __future__ import annotations

import tempfile
from pathlib import Path

from edgetext.artifacts.export import export
from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes, sha256, write_bytes
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.model import Model
from edgetext.predictor import load
from edgetext.targets import catalog

SUFFIXES = tuple(suffix for suffix, form in catalog.formats().items() if form.sealed)


def refused(checkpoint: Path, suffix: str) -> str:
    """Why there can be no such file of the checkpoint, in words; "" where there can."""
    try:
        catalog.owner(suffix).check(Checkpoint.load(checkpoint).header, str(checkpoint))
    except EdgetextError as error:
        return str(error)
    return ""


def exported(checkpoint: Path, suffix: str, fresh: bool) -> Path:
    """The file of that suffix beside the checkpoint, which is written where there is none.

    fresh: write it anew. EdgetextError where it cannot be written, or answers in another way than
    the checkpoint, and for a file of another checkpoint.
    """
    path = checkpoint.with_suffix(suffix)
    if fresh or not path.exists():
        # Elsewhere first, so that the model card there stays that of the whole export.
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder, path.name)
            export(Model.load(checkpoint), "mobile", made)
            write_bytes(path, read_bytes(made))
    if load(path).metadata.fields["checkpoint_sha256"] != sha256(checkpoint):
        raise EdgetextError(
            f"{path}: this file was made of another checkpoint than {checkpoint}; give --force to "
            "write it anew"
        )
    return path
