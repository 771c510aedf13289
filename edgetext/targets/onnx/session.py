"""An `.onnx` or `.ort` artifact in ONNX Runtime."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from edgetext.model import batches
from edgetext.model.contract import GOLDEN, METADATA, damaged, read_golden, read_metadata
from edgetext.targets.onnx.target import ORT, RELEASES, is_portable
from edgetext.targets.releases import FIELD
from edgetext.tasks.apart import apart


class OnnxSession:
    """See target.Session."""

    def __init__(self, path: Path, content: bytes, threads: int = 1) -> None:
        self.source = source = str(path)
        try:
            self.session = _started(content, path.suffix, threads)
        except Exception as error:  # the bindings raise many kinds
            fields = _metadata_of(content, path.suffix)
            RELEASES.check(fields, onnxruntime.__version__, source)
            raise damaged(source, "ONNX Runtime cannot read it") from error
        self.outputs = [output.name for output in self.session.get_outputs()]
        texts = self.session.get_modelmeta().custom_metadata_map
        self.metadata = read_metadata(texts.get(METADATA, ""), source)
        RELEASES.check(self.metadata.fields, onnxruntime.__version__, source)
        self.inputs = batches.INPUTS if self.metadata.batch else self.metadata.rules().inputs
        self.golden = read_golden(texts.get(GOLDEN, "[]"), source, self.metadata)
        self.takes_one = len(self.inputs) == 1
        # Each run of its wrapper in Python looks at the names of the inputs, which are known here.
        self._run = getattr(self.session, "_sess", self.session).run

    def run(self, *texts: np.ndarray) -> tuple[np.ndarray, ...]:
        if self.takes_one:
            # What `feeds` gives costs as much as all else that is not the session's.
            return tuple(self._run(self.outputs, {self.inputs[0]: texts[0]}, None))
        outputs = tuple(self._run(self.outputs, self.feeds(*texts), None))
        if not self.metadata.batch:
            return outputs
        (alone,) = apart(self.outputs, outputs, 1)
        return alone

    def run_many(self, text: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, ...]:
        """Give the outputs of a batch file for several texts: see model.batches.pack.

        EdgetextError for arrays that it does not take.
        """
        batches.check_arrays(text, offsets, self.metadata.batch, self.source)
        return tuple(self._run(self.outputs, {"text": text, "offsets": offsets}, None))

    def feeds(self, *texts: np.ndarray) -> dict[str, np.ndarray]:
        """Give what the graph takes for one question, by name."""
        if self.metadata.batch:
            (text,) = (array.reshape(-1) for array in texts)
            return {"text": text, "offsets": np.array([0, len(text)])}
        return dict(zip(self.inputs, texts, strict=True))


def _started(content: bytes, suffix: str, threads: int) -> Any:
    """Start a session of a file."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    if not is_portable(content):
        # `export` has optimized the graph; to do it again takes most of the time of loading.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    # Its rules for quantized graphs run even so, and would give each reader of a DequantizeLinear
    # one of its own. Of a portable file they make products that round what a layer reads once more.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    if suffix == ORT:
        options.add_session_config_entry("session.load_model_format", "ORT")
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def _metadata_of(content: bytes, suffix: str) -> dict[str, Any]:
    """Read the metadata JSON of a file that ONNX Runtime does not load, without ONNX Runtime.

    Raise nothing: {"oldest_runtime": "0"} where it cannot be read, so that no release is blamed.
    """
    try:
        found = _ort_texts(content) if suffix == ORT else _onnx_texts(content)
        return dict(json.loads(found[METADATA]))
    except Exception:  # whatever a damaged file makes the readers raise
        return {FIELD: "0"}


def _onnx_texts(content: bytes) -> dict[str, str]:
    import onnx

    return {entry.key: entry.value for entry in onnx.ModelProto.FromString(content).metadata_props}


def _ort_texts(content: bytes) -> dict[str, str]:
    from edgetext.targets.onnx.ort_file import metadata_props

    return metadata_props(content)
