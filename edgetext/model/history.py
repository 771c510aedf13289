"""How a checkpoint came to be: the command and the parent of each step."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from edgetext.core.files import sha256
from edgetext.model.checkpoint import FORMAT_VERSION, Checkpoint
from edgetext.version import __version__


def command_line() -> str:
    """The command as a user would type it again."""
    return shlex.join(["edgetext", *sys.argv[1:]])


def successor(
    header: Mapping[str, Any],
    tensors: Mapping[str, Tensor],
    parent: Path | str,
    variant: str,
    metrics: Mapping[str, Mapping[str, float]],
    **fields: Any,
) -> Checkpoint:
    """A checkpoint made of the one at `parent`: a step longer in its history.

    header: what it keeps of its parent's. parent: the file, or its SHA-256. metrics: by split,
    "test" or "valid" among them. fields: other fields of the header that change.
    """
    digest = parent if isinstance(parent, str) else sha256(parent)
    newest = metrics["test"] if "test" in metrics else metrics["valid"]
    step = {"command": command_line(), "parent_sha256": digest, "metrics": newest}
    return Checkpoint(
        header={
            **header,
            **fields,
            "format_version": FORMAT_VERSION,
            "edgetext_version": __version__,
            "variant": variant,
            "history": [*header.get("history", []), step],
            "metrics": dict(metrics),
        },
        tensors=dict(tensors),
    )
