"""Artifacts that `export` does not write, made to be measured alone: they carry no golden examples.

python -m edgetext.timing.variants CHECKPOINT OUTPUT [WAY]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from edgetext.core.files import write_bytes
from edgetext.model.contract import GOLDEN, METADATA
from edgetext.model.model import Model
from edgetext.targets import catalog


def write_variant(checkpoint: Path, output: Path, way: str = "") -> Path:
    """Write the checkpoint as an artifact of the kind that `output` ends in, and return that.

    way: the name of a way of its target that needs a file of its own.
    """
    model = Model.load(checkpoint)
    target = catalog.owner(output.suffix)
    fields = {**model.metadata().fields, "runtime": target.label}
    texts = {METADATA: json.dumps(fields, ensure_ascii=False), GOLDEN: "[]"}
    content = target.write(output.suffix, model, texts, way)
    write_bytes(output, catalog.format_of(output.suffix).seal(content))
    return output


if __name__ == "__main__":
    write_variant(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4])
