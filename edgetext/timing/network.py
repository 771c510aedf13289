"""The network alone: from pieces to answer, without what turns bytes into pieces; or to scores
only, without what makes an answer of them.

What it takes is made beforehand, so that a call costs what a phone pays after its text is read.
An `.onnx` file is one graph and is cut where the network begins; a `.pte` file has a method for it,
which decodes too.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from edgetext.predictor import Predictor, load
from edgetext.targets.executorch.session import ExecuTorchSession
from edgetext.targets.onnx.session import OnnxSession
from edgetext.timing.inputs import arrays, named
from edgetext.timing.texts import Question

# Where the network begins, as the exporter names it. Its other tensors prove nothing: equal ones
# are stored once, and the text graph may read what is named after the network.
OWNED = "answer.network.embedding."
Call = Callable[[], object]


def network_alone(path: Path, threads: int, decoded: bool = True) -> Callable[[Question], Call]:
    """prepare(text) -> a call that runs the network on the text's pieces, of any model file.

    decoded: to the answer; else to the scores, of an `.onnx` file whose task reads pieces alone.
    """
    predictor = load(path, threads)
    session = predictor.session
    if isinstance(session, OnnxSession):
        return _onnx(predictor, path, threads, decoded)
    assert decoded
    if isinstance(session, ExecuTorchSession):
        return _executorch(predictor, session)
    return _pytorch(predictor)


def cut(model: onnx.ModelProto, decoded: bool = True) -> tuple[onnx.ModelProto, list[str]]:
    """The model from its embedding on, and the inputs it then has.

    A node belongs to the network when it reads the embedding, or what such a node made. What the
    others hand over (pieces, offsets, lengths) are the inputs; their types are still unknown.

    decoded: else it ends before the first nodes that read anything more of the text than the
    pieces; what these take of it are its outputs.
    """
    weights = {tensor.name for tensor in model.graph.initializer} | {""}
    made: set[str] = set()
    kept, rest = [], []
    for node in model.graph.node:
        read = set(node.input)
        begins = any(name.startswith(OWNED) for name in read & weights)
        if begins or (read & made and (decoded or read <= made | weights)):
            kept.append(node)
            made |= set(node.output)
        else:
            rest.append(node)
    read = {name for node in kept for name in node.input if name}
    inputs = sorted(read - made - weights)
    scores = sorted({name for node in rest for name in node.input if name in made})
    graph = onnx.helper.make_graph(
        kept,
        "network",
        [],
        [
            *(output for output in model.graph.output if output.name in made),
            *(onnx.ValueInfoProto(name=name) for name in scores),
        ],
        [tensor for tensor in model.graph.initializer if tensor.name in read],
    )
    return onnx.helper.make_model(
        graph, opset_imports=model.opset_import, ir_version=model.ir_version
    ), inputs


def _onnx(
    predictor: Predictor, path: Path, threads: int, decoded: bool
) -> Callable[[Question], Call]:
    model = onnx.load(path)
    network, inputs = cut(model, decoded)
    # The reader: the same file, which tells what it hands over as well.
    reader = onnx.ModelProto()
    reader.CopyFrom(model)
    del reader.graph.output[:]
    reader.graph.output.extend(onnx.ValueInfoProto(name=name) for name in inputs)
    reading = _session(reader, threads)

    def feeds(text: Question) -> dict[str, np.ndarray]:
        values = reading.run(inputs, named(predictor, text))
        return dict(zip(inputs, values, strict=True))

    network.graph.input.extend(
        onnx.helper.make_tensor_value_info(
            name,
            onnx.helper.np_dtype_to_tensor_dtype(value.dtype),
            [f"{name}_{i}" for i in range(value.ndim)],
        )
        for name, value in feeds(["a b"] * len(predictor.task.inputs)).items()
    )
    session = _session(network, threads)

    def prepare(text: Question) -> Call:
        given = feeds(text)
        return lambda: session.run(None, given)

    return prepare


def _session(model: onnx.ModelProto, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def _executorch(predictor: Predictor, session: ExecuTorchSession) -> Callable[[Question], Call]:
    import torch

    from edgetext.targets.executorch.session import run_in_place

    def prepare(text: Question) -> Call:
        read = session.tokenize.execute([torch.from_numpy(x) for x in arrays(predictor, text)])
        pieces = [piece.clone() for piece in read[: session.inputs]]
        return lambda: run_in_place(session.forward, pieces)

    return prepare


def _pytorch(predictor: Predictor) -> Callable[[Question], Call]:
    import torch

    from edgetext.targets.pytorch.session import PyTorchSession

    assert isinstance(predictor.session, PyTorchSession)
    pipeline = predictor.session.pipeline

    def prepare(text: Question) -> Call:
        with torch.inference_mode():
            pieces = pipeline.read(*(torch.from_numpy(x) for x in arrays(predictor, text)))
            pieces = pieces[: pipeline.answer.takes]

        @torch.inference_mode()
        def call() -> object:
            return pipeline.answer(*pieces)

        return call

    return prepare
