"""An `.onnx` file in ORT format, which a minimal build of ONNX Runtime reads, and what such a build
must hold."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path

import onnxruntime
from onnxruntime.tools.ort_format_model import create_config_from_models

from edgetext.core.quiet import quiet
from edgetext.targets.onnx.ort_file import model_of
from edgetext.targets.onnx.promise import OWN_OPERATORS

# Where a Node's table says where its attributes are (ort.fbs).
_ATTRIBUTES = 24


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
        return without_newer(path.read_bytes())


def without_newer(content: bytes) -> bytes:
    """Take out of a file in ORT format the attributes that the oldest promised release does not
    know: ONNX Runtime writes out all that its own release knows, at their defaults.

    A flatbuffer's vector of attributes is its length and, for each, how far away it is; what comes
    after one that goes moves up in its place.
    """
    changed = bytearray(content)
    graph = model_of(content).Graph()
    for node in map(graph.Nodes, range(graph.NodesLength())):
        if (node.Domain() or b"").decode() != "com.microsoft":
            continue
        known = OWN_OPERATORS[node.OpType().decode()]
        attributes = [node.Attributes(i) for i in range(node.AttributesLength())]
        kept = [entry._tab.Pos for entry in attributes if entry.Name().decode() in known]
        if len(kept) < len(attributes):
            start = node._tab.Vector(node._tab.Offset(_ATTRIBUTES))
            struct.pack_into("<I", changed, start - 4, len(kept))
            for place, position in zip(range(start, start + 4 * len(kept), 4), kept, strict=True):
                struct.pack_into("<I", changed, place, position - place)
    return bytes(changed)


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
