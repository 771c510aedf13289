"""A runtime that runs `.onnx` files in as little memory as ONNX Runtime can.

It gives back the memory of each answer, and plans none for the next one: slower for a text after
another, smaller for a process that answers now and then.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from edgetext.model.contract import GOLDEN, METADATA, read_golden, read_metadata
from edgetext.registry import register
from edgetext.targets.target import Session, Target, Way

NAME = "onnxruntime-lean"


@register("target", NAME)
class LeanOnnxRuntime(Target):
    name = NAME
    title = "ONNX Runtime, lean"
    also_opens = (".onnx",)
    ways = (Way(NAME, network=False),)
    concurrent = True

    def open(self, path: Path, content: bytes, threads: int) -> Session:
        return LeanSession(str(path), content, threads)


class LeanSession:
    """See target.Session."""

    def __init__(self, source: str, content: bytes, threads: int) -> None:
        # Here and not above: a module that is only registered loads no runtime.
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 4
        options.enable_cpu_mem_arena = False
        options.enable_mem_pattern = False
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.add_session_config_entry("session.disable_prepacking", "1")
        self.session = onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"]
        )
        texts = self.session.get_modelmeta().custom_metadata_map
        self.metadata = read_metadata(texts[METADATA], source)
        self.golden = read_golden(texts[GOLDEN], source, self.metadata)
        self.inputs = [value.name for value in self.session.get_inputs()]

    def run(self, *texts: np.ndarray) -> tuple[np.ndarray, ...]:
        return tuple(self.session.run(None, dict(zip(self.inputs, texts, strict=True))))
