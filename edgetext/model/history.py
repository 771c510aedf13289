"""How a checkpoint came to be: the command and the parent of each step."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from edgetext.model.header import FIRST_VERSION, Header, Step
from edgetext.version import __version__


def command_line() -> str:
    """The command as a user would type it again."""
    return shlex.join(["edgetext", *sys.argv[1:]])


def next_header(
    header: Header,
    parent: str | None,
    variant: str,
    metrics: dict[str, dict[str, float]],
    worst_classes: Sequence[Mapping[str, Any]] = (),
    **fields: Any,
) -> Header:
    """A header with a step more in its history, the command that runs.

    header: what is kept of the parent's. parent: the SHA-256 of the checkpoint that the step began
    with. metrics: by split, "test" or "valid" among them. worst_classes: measured with
    them. fields: others of the header that change.
    """
    newest = metrics["test"] if "test" in metrics else metrics["valid"]
    return replace(
        header,
        format_version=FIRST_VERSION,
        edgetext_version=__version__,
        variant=variant,
        history=(*header.history, Step(command_line(), parent, newest)),
        metrics=metrics,
        worst_classes=worst_classes,
        **fields,
    )
