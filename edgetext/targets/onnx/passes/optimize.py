"""The whole graph -> what ONNX Runtime's own optimizer makes of it.

Loading need not run it again then. It fuses what it knows: GELU, layer norms, a product and its
activation. Left out are what is particular to a processor, and folded constants, which would be
stored wide and large.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import onnx
import onnxruntime


def optimize(model: onnx.ModelProto) -> None:
    """Put the optimized graph in the place of the graph."""
    with tempfile.TemporaryDirectory() as folder:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        options.optimized_model_filepath = str(Path(folder, "model.onnx"))
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        # Its rules for quantized graphs give each reader a DequantizeLinear of its own.
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        onnxruntime.InferenceSession(
            model.SerializeToString(),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["ConstantFolding"],
        )
        model.ParseFromString(Path(options.optimized_model_filepath).read_bytes())
    # It names every operator set that it knows.
    used = {node.domain for node in model.graph.node}
    sets = [entry for entry in model.opset_import if entry.domain in used]
    del model.opset_import[:]
    model.opset_import.extend(sets)
