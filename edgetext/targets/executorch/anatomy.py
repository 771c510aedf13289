"""Where the bytes of a `.pte` file are."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from edgetext.model.contract import GOLDEN, METADATA
from edgetext.targets.executorch.program import byte_parts
from edgetext.targets.executorch.session import FORWARD, TOKENIZE
from edgetext.targets.target import DESCRIBED, TEXT_GRAPH


def of_program(path: Path) -> list[tuple[str, int]]:
    """Return (what, bytes) of its parts, the largest first."""
    names = {
        f"{TOKENIZE}: tables": TEXT_GRAPH,
        f"{FORWARD}: tables": "embedding and decoder",
        f"{METADATA}: tables": DESCRIBED,
        f"{GOLDEN}: tables": DESCRIBED,
    }
    sizes: dict[str, int] = defaultdict(int)
    for name, size in byte_parts(path.read_bytes()):
        sizes[names.get(name, name)] += size
    return sorted(sizes.items(), key=lambda item: -item[1])
