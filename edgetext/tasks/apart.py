"""The outputs of a batch file, text by text."""

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
