"""A model as an `.onnx` file."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn

from edgetext.core.quiet import quiet
from edgetext.model.model import Model
from edgetext.targets.onnx.layers import prepare_for_onnx
from edgetext.targets.onnx.passes.rewrites import (
    drop_defaults,
    keep_integers,
    pack_hash_tables,
    rewrite,
    shorten_names,
)
from edgetext.targets.onnx.passes.sums import add_within_products
from edgetext.targets.onnx.promise import check_promise
from edgetext.targets.onnx.reading import prepare_reading

# Any texts will do; each must have several words and the first, in its first bytes already, two
# sentences, so that no length looks like a constant.
SAMPLE = b"Go! Book a table for two in Paris"
SAMPLES = (SAMPLE, b"is there room for three of us tonight?")
# What the lengths of the first and second text are called.
SIZES = ("n", "m")


def to_onnx(model: Model, texts: Mapping[str, str]) -> bytes:
    """Write the file's bytes, the whole model as one graph: the task's texts, as text
    uint8[1, n] -> its outputs.

    `texts` go into its metadata_props. EdgetextError where the graph may not run in every release
    of ONNX Runtime that files are promised for.
    """
    learner, task = model.learner, model.learner.task
    network = model.copied_network()
    prepare_for_onnx(network)
    read = model.first_stage()
    prepare_reading(read)
    pipeline = learner.pipeline(read, model.second_stage(network)).eval()
    inputs = {
        name: (text, {1: torch.export.Dim(size, min=1)})
        for name, text, size in zip(task.inputs, sample_texts(task.inputs), SIZES, strict=False)
    }
    graph = finished(export_graph(pipeline, inputs, task.outputs))
    check_promise(graph, f"model {model.header.name}")
    onnx.helper.set_model_props(graph, dict(texts))
    return bytes(graph.SerializeToString(deterministic=True))


def export_graph(
    module: nn.Module,
    inputs: Mapping[str, tuple[Tensor, dict[int, torch.export.Dim]]],
    outputs: Sequence[str] | None = None,
) -> onnx.ModelProto:
    """A module as an ONNX graph without the exporter's notes.

    inputs: name -> (an example, its dynamic dimensions). outputs: their names, else the exporter's.
    """
    with quiet(), torch.no_grad():
        program = torch.onnx.export(
            module,
            tuple(example for example, _ in inputs.values()),
            input_names=list(inputs),
            output_names=None if outputs is None else list(outputs),
            dynamic_shapes=tuple(shape for _, shape in inputs.values()),
            dynamo=True,
            verbose=False,
        )
    assert program is not None
    model = program.model_proto  # made anew at each access
    rewrite(model)
    add_within_products(model)
    _strip(model)
    return model


def finished(model: onnx.ModelProto) -> onnx.ModelProto:
    """The graph as a file holds it: optimized, and small."""
    keep_integers(model)
    model = optimized(model)
    drop_defaults(model)
    pack_hash_tables(model)
    shorten_names(model)
    return model


def optimized(model: onnx.ModelProto) -> onnx.ModelProto:
    """The graph as ONNX Runtime's own optimizer leaves it, so that loading need not run it again.

    Without what is particular to a processor, and without folded constants, which would be stored
    wide and large.
    """
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
        made = onnx.load(options.optimized_model_filepath)
    # It names every operator set that it knows.
    used = {node.domain for node in made.graph.node}
    sets = [entry for entry in made.opset_import if entry.domain in used]
    del made.opset_import[:]
    made.opset_import.extend(sets)
    _strip(made)
    return made


def sample_texts(inputs: Sequence[str], limit: int | None = None) -> tuple[Tensor, ...]:
    """A text for each input, at most `limit` bytes of it, as uint8[1, n]."""
    return tuple(
        torch.from_numpy(np.frombuffer(text[:limit], np.uint8).copy()).reshape(1, -1)
        for text in SAMPLES[: len(inputs)]
    )


def _strip(model: onnx.ModelProto) -> None:
    """Drop the exporter's notes on where each node came from: a large part of what it writes."""
    for node in model.graph.node:
        del node.metadata_props[:]
        node.ClearField("doc_string")
    del model.graph.value_info[:]
    for value in (*model.graph.input, *model.graph.output, *model.graph.initializer):
        value.ClearField("doc_string")
    for tensor in (*model.graph.input, *model.graph.output):
        del tensor.metadata_props[:]
    del model.metadata_props[:]
