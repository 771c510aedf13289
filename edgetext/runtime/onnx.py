"""An `.onnx` or `.ort` artifact in ONNX Runtime."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime

from edgetext.runtime.contract import GOLDEN, METADATA, damaged, read_golden, read_metadata


class OnnxSession:
    """See predictor.Session."""

    def __init__(self, path: Path, content: bytes, threads: int = 1) -> None:
        source = str(path)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        # `export` has optimized the graph; to do it again takes most of the time of loading.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        # Its rules for quantized graphs run even so, and would give each reader of a
        # DequantizeLinear one of its own.
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        if path.suffix == ".ort":
            options.add_session_config_entry("session.load_model_format", "ORT")
        try:
            self.session = onnxruntime.InferenceSession(
                content, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the bindings raise many kinds
            raise damaged(source, "ONNX Runtime cannot read it") from error
        self.outputs = [output.name for output in self.session.get_outputs()]
        found = self.session.get_modelmeta().custom_metadata_map
        self.metadata = read_metadata(found.get(METADATA, ""), source)
        self.inputs = self.metadata.rules().inputs
        self.golden = read_golden(found.get(GOLDEN, "[]"), source, self.metadata)

    def run(self, *texts: np.ndarray) -> tuple[np.ndarray, ...]:
        return tuple(self.session.run(self.outputs, dict(zip(self.inputs, texts, strict=True))))
