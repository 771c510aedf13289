"""A portable `.onnx` artifact in onnx's reference evaluator."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx.reference import ReferenceEvaluator

from edgetext.targets.portable.file import read_portable


class ReferenceSession:
    """See target.Session."""

    def __init__(self, path: Path, content: bytes) -> None:
        file = read_portable(content, str(path), "onnx's reference evaluator")
        self.metadata, self.golden, self.inputs = file.metadata, file.golden, file.inputs
        self.outputs = list(file.outputs)
        self.evaluator = ReferenceEvaluator(file.model)

    def run(self, *texts: np.ndarray) -> tuple[np.ndarray, ...]:
        # Integers wrap round, on purpose: see targets.portable.lanes.
        with np.errstate(over="ignore"):
            feeds = dict(zip(self.inputs, texts, strict=True))
            return tuple(self.evaluator.run(self.outputs, feeds))
