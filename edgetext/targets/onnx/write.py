"""A model as an `.onnx` file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from edgetext.core.quiet import quiet
from edgetext.model.model import Model
from edgetext.models import Network
from edgetext.targets.onnx.decoding import prepare_decoding
from edgetext.targets.onnx.layers import prepare_for_onnx
from edgetext.targets.onnx.passes import rewrite
from edgetext.targets.onnx.patches import patched
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
    graph = pipeline_graph(model, prepare_for_onnx, prepare_reading, prepare_decoding)
    rewrite(graph)
    check_promise(graph, f"model {model.header.name}")
    onnx.helper.set_model_props(graph, dict(texts))
    return bytes(graph.SerializeToString(deterministic=True))


def pipeline_graph(
    model: Model,
    prepare_network: Callable[[Network], None],
    prepare_read: Callable[[nn.Module], None],
    prepare_answer: Callable[[nn.Module], None] = lambda answer: None,
) -> onnx.ModelProto:
    """Give the whole model as `export_graph` writes it.

    prepare_network, prepare_read, prepare_answer: what puts into a copy of the network, into what
    reads a text, and into what answers, the modules that are exported.
    """
    learner, task = model.learner, model.learner.task
    network = model.copied_network()
    prepare_network(network)
    read = model.first_stage()
    prepare_read(read)
    answer = model.second_stage(network)
    prepare_answer(answer)
    pipeline = learner.pipeline(read, answer).eval()
    inputs = {
        name: (text, {1: torch.export.Dim(size, min=1)})
        for name, text, size in zip(task.inputs, sample_texts(task.inputs), SIZES, strict=False)
    }
    return export_graph(pipeline, inputs, model.outputs)


def export_graph(
    module: nn.Module,
    inputs: Mapping[str, tuple[Tensor, dict[int, torch.export.Dim]]],
    outputs: Sequence[str] | None = None,
) -> onnx.ModelProto:
    """Give a module as torch's exporter writes it, with its shapes and notes: see passes.rewrite.

    inputs: name -> (an example, its dynamic dimensions). outputs: their names, else the exporter's.
    """
    with quiet(), torch.no_grad(), patched():
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
    return program.model_proto


def sample_texts(inputs: Sequence[str], limit: int | None = None) -> tuple[Tensor, ...]:
    """A text for each input, at most `limit` bytes of it, as uint8[1, n]."""
    return tuple(
        torch.from_numpy(np.frombuffer(text[:limit], np.uint8).copy()).reshape(1, -1)
        for text in SAMPLES[: len(inputs)]
    )
