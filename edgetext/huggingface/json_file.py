"""JSON files of a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes


def read_json(path: Path, kind: type = dict) -> Any:
    """Read one; EdgetextError where it is missing, broken, or holds something else than `kind`."""
    try:
        value = json.loads(read_bytes(path))
    except (ValueError, RecursionError) as error:
        raise EdgetextError(f"{path}: it is not JSON; copy the file again") from error
    if not isinstance(value, kind):
        raise EdgetextError(f"{path}: it holds no JSON {kind.__name__}; copy the file again")
    return value
