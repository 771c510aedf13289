"""The checkpoint that a command takes when none is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.header import Header


def newest_checkpoint(
    folder: Path, accepts: Callable[[Header], bool] = lambda header: True
) -> Path:
    """The most recently written checkpoint in `folder` whose header is one that `accepts` takes.

    EdgetextError when there is none. A `.pt` file of another program is passed over.
    """
    files = sorted(folder.glob("*.pt"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files:
        try:
            header = Checkpoint.load(file).header
        except EdgetextError:
            continue
        if accepts(header):
            return file
    raise EdgetextError(
        f"there is no checkpoint for this in {folder.resolve()}; name one, as in `runs/student.pt`"
    )
