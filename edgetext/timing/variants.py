"""Artifacts that `export` does not write, made to be measured alone: they carry no golden examples.

python -m edgetext.timing.variants CHECKPOINT OUTPUT.pte     # without XNNPACK
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from edgetext.core.files import write_bytes
from edgetext.core.quiet import native_quiet
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.contract import GOLDEN, METADATA
from edgetext.model.seal import seal
from edgetext.targets.pytorch.session import checkpoint_metadata

RUNTIMES = {".onnx": "onnx", ".pte": "executorch"}


def write_variant(checkpoint: Path, output: Path, *, delegate: bool = True) -> Path:
    """Write the checkpoint as an `.onnx` or `.pte` file, as `output` ends, and return that.

    delegate: whether a `.pte` gives its network to XNNPACK; else every operator is ExecuTorch's
    own portable kernel.
    """
    loaded = Checkpoint.load(checkpoint)
    fields = {**checkpoint_metadata(loaded, checkpoint).fields, "runtime": RUNTIMES[output.suffix]}
    texts = {METADATA: json.dumps(fields, ensure_ascii=False), GOLDEN: "[]"}
    if output.suffix == ".onnx":
        from edgetext.targets.onnx.write import to_onnx

        content = to_onnx(loaded, texts)
    else:
        with native_quiet():
            from edgetext.targets.executorch.write import to_executorch

            if not delegate:
                # Their operators of int8, which ExecuTorch's core lacks.
                from executorch.kernels import quantized  # noqa: F401
        content = to_executorch(loaded, texts, delegate=delegate)
    write_bytes(output, seal(content, output.suffix))
    return output


if __name__ == "__main__":
    write_variant(Path(sys.argv[1]), Path(sys.argv[2]), delegate=False)
