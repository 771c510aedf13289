"""The releases of the runtimes that a file runs in, and the refusal of older ones."""

from __future__ import annotations

import re
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.model.contract import damaged

# Metadata's name for the oldest release that a file is promised for.
FIELD = "oldest_runtime"
# What `export` promises, by the file's `runtime`. `edgetext bench hosts` tries it.
OLDEST = {"onnx": "1.24.1", "executorch": "1.4.0"}
# Files that do not say are of edgetext 0.1: what 1.32 had optimized, older releases of ONNX Runtime
# refuse to load, or end the process on an answer without spans.
UNSAID = {"onnx": "1.32.0", "executorch": "1.4.0"}
_NAMES = {"onnx": ("ONNX Runtime", "onnxruntime"), "executorch": ("ExecuTorch", "executorch")}


def needed_release(fields: dict[str, Any], runtime: str) -> str:
    """Read from a file's metadata which release of its runtime it needs at least.

    ValueError where that is no release.
    """
    release = fields.get(FIELD, UNSAID[runtime])
    if not isinstance(release, str) or not _numbers(release):
        raise ValueError(f"a release in {FIELD}")
    return release


def check_release(fields: dict[str, Any], runtime: str, here: str, source: str) -> None:
    """Raise EdgetextError when the runtime's release `here` is older than the file `source` needs.

    runtime: "onnx" or "executorch".
    """
    try:
        needed = needed_release(fields, runtime)
    except ValueError as error:
        raise damaged(source, f"its metadata lacks {error}") from error
    if _numbers(here) >= _numbers(needed):
        return
    name, package = _NAMES[runtime]
    cure = f'upgrade it (pip install "{package}>={needed}")'
    if FIELD not in fields:
        cure += (
            f", or export the checkpoint again: this edgetext writes files for {OLDEST[runtime]} "
            "and newer"
        )
    raise EdgetextError(
        f"{source}: this file needs {name} {needed} or newer, and {here} is installed; {cure}"
    )


def _numbers(release: str) -> tuple[int, ...]:
    """Read the numbers that a release begins with, at least three: "1.5.0.dev1+cpu" is (1, 5, 0);
    none where it begins with no number."""
    found = re.match(r"\d+(\.\d+)*", release)
    if not found:
        return ()
    numbers = tuple(map(int, found[0].split(".")))
    return numbers + (0,) * (3 - len(numbers))
