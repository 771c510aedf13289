"""What a folder's search is: written by the first process, compared by all others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes, write_text


def known_plan(path: Path) -> dict[str, Any] | None:
    """Read a folder's plan; None where there is none yet, nor anything else in the folder.

    EdgetextError where the file is no plan, and where the folder has other files.
    """
    if path.exists():
        try:
            known = json.loads(read_bytes(path))
        except ValueError:
            known = None
        if not isinstance(known, dict):
            raise EdgetextError(f"{path}: this is no plan of a search; give another folder with -o")
        return known
    if path.parent.exists() and any(path.parent.iterdir()):
        raise EdgetextError(
            f"{path.parent}: there are other files in it; give an empty folder with -o"
        )
    return None


def as_stored(plan: dict[str, Any]) -> dict[str, Any]:
    """Give a plan as its file gives it back."""
    stored: dict[str, Any] = json.loads(json.dumps(plan))
    return stored


def write_plan(path: Path, plan: dict[str, Any]) -> None:
    """Write a folder's plan; EdgetextError where it cannot be written."""
    write_text(path, json.dumps(plan, indent=1, ensure_ascii=False) + "\n")


def other_search(folder: Path, odd: str) -> EdgetextError:
    """Give the error of a folder that holds a search with another `odd`, or other ones."""
    which = "other" if odd.endswith("s") else "another"
    return EdgetextError(
        f"{folder}: holds a search with {which} {odd.replace('_', ' ')}; give another folder with "
        "-o"
    )
