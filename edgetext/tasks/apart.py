"""The outputs of a batch file, text by text, and those of many runs as of one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

# The output whose rows say of which text they are.
ROWS = "spans"


def apart(
    names: Sequence[str], outputs: Sequence[np.ndarray], texts: int
) -> list[tuple[np.ndarray, ...]]:
    """Give the outputs of each of so many texts as a file of one text gives them, but for a leading
    1 of rows.

    names: of the outputs. `spans` int32[S, 4] has the number of its text before each row, in the
    order of the texts; all others have a row a text.
    """
    parts = []
    for name, output in zip(names, outputs, strict=True):
        if name == ROWS:
            ends = np.bincount(output[:, 0], minlength=texts).cumsum().tolist()
            rows = output[:, 1:]
            parts.append([rows[a:b] for a, b in zip([0, *ends], ends, strict=False)])
        else:
            parts.append([output[i : i + 1] for i in range(texts)])
    return list(zip(*parts, strict=True))


def joined(names: Sequence[str], outputs: Sequence[Sequence[np.ndarray]]) -> dict[str, np.ndarray]:
    """Give the outputs of as many runs for one text as a batch file gives them of one run, by name:
    the reverse of `apart`. outputs: of each run, in the order of the names."""
    many = {}
    for name, arrays in zip(names, zip(*outputs, strict=True), strict=True):
        if name == ROWS:
            counts = [array.size // 3 for array in arrays]
            rows = np.empty((sum(counts), 4), np.int32)
            rows[:, 0] = np.repeat(np.arange(len(counts)), counts)
            rows[:, 1:] = np.concatenate(arrays, None).reshape(-1, 3)
            many[name] = rows
        else:
            many[name] = np.concatenate(arrays)
    return many
