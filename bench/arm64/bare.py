"""An `.onnx` artifact as a host without edgetext's other parts runs it: NumPy and ONNX Runtime.

The emulated root has no PyTorch, which edgetext's own predictor imports with its tasks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import onnxruntime

RUNTIME = "onnxruntime, bare"
METADATA = "edgetext"


@dataclass(frozen=True, slots=True)
class BareSpan:
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class BareAnswer:
    intent: str | None
    score: float
    spans: tuple[BareSpan, ...]


class Bare:
    """See contenders.Contender; of the outputs it reads `scores` and `spans`."""

    batching = "one text after the other"

    def __init__(self, path: str, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        self.session = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"]
        )
        about = json.loads(self.session.get_modelmeta().custom_metadata_map[METADATA])
        self.labels = about["labels"]
        self.limit = int(about["max_bytes"])
        self.outputs = [output.name for output in self.session.get_outputs()]

    def answer(self, text: str) -> BareAnswer:
        data = text.encode("utf-8", "replace")[: self.limit + 1] or b" "
        array = np.frombuffer(data, np.uint8).copy().reshape(1, -1)
        values = self.session.run(None, {"text": array})
        found = dict(zip(self.outputs, values, strict=True))
        slots = self.labels["slots"]
        rows = found["spans"].reshape(-1, 3).tolist() if "spans" in found else []
        spans = tuple(BareSpan(slots[label], start, end) for label, start, end in rows)
        if "scores" not in found:
            return BareAnswer(None, 0.0, spans)
        scores = found["scores"].reshape(-1)
        best = int(scores.argmax())
        return BareAnswer(self.labels["intent"][best], float(scores[best]), spans)

    def answer_batch(self, texts: Sequence[str]) -> list[BareAnswer]:
        return [self.answer(text) for text in texts]
