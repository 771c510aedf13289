"""A checkpoint as an `.onnx` file."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnx
import torch
from torch import Tensor

from edgetext.compression.network import load_network, replace_modules
from edgetext.export.onnx_operators import for_onnx
from edgetext.models.pipeline import Pipeline, ReadText, build_answer
from edgetext.runtime.contract import OUTPUTS
from edgetext.runtime.silence import quiet
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.checkpoint import Checkpoint

# Any text will do; it must have several words, so that no length looks like a constant.
SAMPLE = b"book a table for two in Paris"


def to_onnx(checkpoint: Checkpoint, texts: Mapping[str, str]) -> bytes:
    """The file's bytes, the whole model as one graph: text uint8[1, n] -> contract.OUTPUTS[task].

    `texts` go into its metadata_props.
    """
    header = checkpoint.header
    network = load_network(checkpoint)
    replace_modules(network, for_onnx)
    read = ReadText(Vocabulary.from_header(header["vocabulary"]), header["max_bytes"])
    pipeline = Pipeline(read, build_answer(network, header["labels"])).eval()
    with quiet(), torch.no_grad():
        program = torch.onnx.export(
            pipeline,
            (_sample(),),
            input_names=["text"],
            output_names=list(OUTPUTS[header["task"]]),
            dynamic_shapes=({1: torch.export.Dim("n", min=1)},),
            dynamo=True,
            verbose=False,
        )
    assert program is not None
    model = program.model_proto
    _strip(model)
    onnx.helper.set_model_props(model, dict(texts))
    return bytes(model.SerializeToString(deterministic=True))


def _sample() -> Tensor:
    return torch.from_numpy(np.frombuffer(SAMPLE, np.uint8).copy()).reshape(1, -1)


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
