"""How a checkpoint came to be: the command and the parent of each step."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from torch import Tensor

from edgetext.core.files import sha256
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.header import FORMAT_VERSION, Header, Step
from edgetext.version import __version__


def command_line() -> str:
    """The command as a user would type it again."""
    return shlex.join(["edgetext", *sys.argv[1:]])


def successor(
    header: Header,
    tensors: Mapping[str, Tensor],
    parent: Path | str | None,
    variant: str,
    metrics: dict[str, dict[str, float]],
    **fields: Any,
) -> Checkpoint:
    """A checkpoint made of the one at `parent`: a step longer in its history.

    header: what it keeps of its parent's. parent: the file, or its SHA-256. metrics: by split,
    "test" or "valid" among them. fields: other fields of the header that change.
    """
    digest = sha256(parent) if isinstance(parent, Path) else parent
    return Checkpoint(next_header(header, digest, variant, metrics, **fields), dict(tensors))


def next_header(
    header: Header,
    parent: str | None,
    variant: str,
    metrics: dict[str, dict[str, float]],
    **fields: Any,
) -> Header:
    """A header with a step more in its history, the command that runs.

    parent: the SHA-256 of the checkpoint that the step began with. metrics, fields: see
    `successor`.
    """
    newest = metrics["test"] if "test" in metrics else metrics["valid"]
    return replace(
        header,
        format_version=FORMAT_VERSION,
        edgetext_version=__version__,
        variant=variant,
        history=(*header.history, Step(command_line(), parent, newest)),
        metrics=metrics,
        **fields,
    )
