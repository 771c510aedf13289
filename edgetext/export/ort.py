"""An `.onnx` file in ORT format, which a minimal build of ONNX Runtime reads, and what such a build
must hold."""

from __future__ import annotations

import tempfile
from pathlib import Path

import onnxruntime
from onnxruntime.tools.ort_format_model import create_config_from_models

from edgetext.runtime.silence import quiet


def to_ort(content: bytes) -> bytes:
    """The same graph in ORT format, its metadata with it. The graph is optimized already."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.ort")
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.optimized_model_filepath = str(path)
        options.add_session_config_entry("session.save_model_format", "ORT")
        onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        return path.read_bytes()


def required_operators(content: bytes) -> str:
    """What ONNX Runtime's build takes as `--include_ops_by_config FILE` beside `--minimal_build`:
    the operators of a file in ORT format, with the types that they are used with."""
    with tempfile.TemporaryDirectory() as folder:
        path, config = Path(folder, "model.ort"), Path(folder, "config")
        path.write_bytes(content)
        with quiet():
            create_config_from_models([path], config, True)
        lines = config.read_text("utf-8").splitlines()
    # The first lines name the temporary file.
    return "\n".join(line for line in lines if not line.startswith("#")).strip() + "\n"
