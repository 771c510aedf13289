"""The network of an `.onnx` file alone: its graph cut where the network begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime

from edgetext.targets.target import Call, Question

# Where the network begins, as the exporter names it. Its other tensors prove nothing: equal ones
# are stored once, and the text graph may read what is named after the network.
OWNED = "answer.network.embedding."
# Any text will do to learn the types of what the network reads.
SAMPLE = b"a b"


def network_alone(
    path: Path, names: Sequence[str], threads: int, decoded: bool
) -> Callable[[Question], Call]:
    """See Target.network. names: of the graph's inputs."""
    model = onnx.load(path)
    network, inputs = cut(model, decoded)
    # The reader: the same file, which tells what it hands over as well.
    reader = onnx.ModelProto()
    reader.CopyFrom(model)
    del reader.graph.output[:]
    reader.graph.output.extend(onnx.ValueInfoProto(name=name) for name in inputs)
    reading = _session(reader, threads)

    def feeds(question: Question) -> dict[str, np.ndarray]:
        values = reading.run(inputs, dict(zip(names, question, strict=True)))
        return dict(zip(inputs, values, strict=True))

    sample = np.frombuffer(SAMPLE, np.uint8).reshape(1, -1)
    network.graph.input.extend(
        onnx.helper.make_tensor_value_info(
            name,
            onnx.helper.np_dtype_to_tensor_dtype(value.dtype),
            [f"{name}_{i}" for i in range(value.ndim)],
        )
        for name, value in feeds([sample] * len(names)).items()
    )
    session = _session(network, threads)

    def prepare(question: Question) -> Call:
        given = feeds(question)
        return lambda: session.run(None, given)

    return prepare


def cut(model: onnx.ModelProto, decoded: bool = True) -> tuple[onnx.ModelProto, list[str]]:
    """The model from its embedding on, and the inputs it then has.

    A node belongs to the network when it reads the embedding, or what such a node made. What the
    others hand over (pieces, offsets, lengths) are the inputs; their types are still unknown.

    decoded: else it ends before the first nodes that read anything more of the text than the
    pieces; what these take of it are its outputs.
    """
    weights = {tensor.name for tensor in model.graph.initializer} | {""}
    computed: set[str] = set()
    kept, rest = [], []
    for node in model.graph.node:
        read = set(node.input)
        begins = any(name.startswith(OWNED) for name in read & weights)
        if begins or (read & computed and (decoded or read <= computed | weights)):
            kept.append(node)
            computed |= set(node.output)
        else:
            rest.append(node)
    read = {name for node in kept for name in node.input if name}
    inputs = sorted(read - computed - weights)
    scores = sorted({name for node in rest for name in node.input if name in computed})
    graph = onnx.helper.make_graph(
        kept,
        "network",
        [],
        [
            *(output for output in model.graph.output if output.name in computed),
            *(onnx.ValueInfoProto(name=name) for name in scores),
        ],
        [tensor for tensor in model.graph.initializer if tensor.name in read],
    )
    return onnx.helper.make_model(
        graph, opset_imports=model.opset_import, ir_version=model.ir_version
    ), inputs


def _session(model: onnx.ModelProto, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
