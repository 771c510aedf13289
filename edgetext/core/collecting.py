"""Looking for garbage less often."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

# How many new objects there are before Python looks for garbage among them, and how many such
# rounds before it looks at older ones.
THRESHOLDS = (50_000, 20, 100)


@contextlib.contextmanager
def collected_seldom() -> Iterator[None]:
    """Look for garbage less often, and leave out what there was before, while the block runs.

    Importing torch, and tracing a graph, make millions of objects that stay: looking at them again
    and again takes a tenth of the time. Of blocks within each other the outermost decides.
    """
    before = gc.get_threshold()
    if before == THRESHOLDS:
        yield
        return
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
