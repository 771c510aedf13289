"""Libraries that only some formats need, of the extra `formats`."""

from __future__ import annotations

import importlib
from typing import Any

from edgetext.core.errors import EdgetextError


def library(name: str, files: str) -> Any:
    """Import a library; EdgetextError, which says how it is installed, where it is not there.

    files: what it reads, as the begin of that sentence.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise EdgetextError(
            f"{files} are read with the library {name.partition('.')[0]}, which is not installed; "
            "`pip install 'edgetext[formats]'`"
        ) from error
