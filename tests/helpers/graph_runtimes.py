"""A text graph in three runtimes, as functions from bytes to its outputs as lists."""

import codecs

import numpy as np
import onnxruntime
import torch

from edgetext.targets.onnx.passes import rewrite
from edgetext.targets.onnx.reading import prepare_reading
from edgetext.targets.onnx.write import export_graph


def decode(data):
    """Python's errors="replace" reading, and for each byte of the UTF-8 of that text (and its end)
    the offset in `data` where the character at that byte begins."""
    try:
        return data.decode(), np.arange(len(data) + 1)
    except UnicodeDecodeError:
        bad = {}

    def note(error):
        bad[error.start] = error.end
        return "�", error.end

    codecs.register_error("edgetext-test-note", note)
    text = data.decode("utf-8", "edgetext-test-note")
    origin, place = [], 0
    for character in text:
        width = len(character.encode())
        origin += [place] * width
        place = bad.get(place, place + width) if character == "�" else place + width
    assert place == len(data)
    return text, np.array([*origin, place])


class AskedFor(dict):
    """Values that are made when they are first asked for."""

    def __init__(self, make):
        super().__init__()
        self.make = make

    def __missing__(self, name):
        self[name] = self.make(name)
        return self[name]


def in_pytorch(graph):
    def run(data):
        return tuple(part.tolist() for part in graph(as_tensor(data)))

    return run


class _Reader(torch.nn.Module):
    """What reads a text in a model."""

    def __init__(self, graph):
        super().__init__()
        self.pieces = graph

    def forward(self, text):
        return self.pieces(text)


def in_onnx_runtime(graph, path):
    """Write and run it as `export` does: by ONNX Runtime's own operators, and rewritten."""
    reader = _Reader(graph).eval()
    prepare_reading(reader)
    inputs = {"text": (as_tensor(b"an example"), {1: torch.export.Dim("n", min=1)})}
    model = export_graph(reader, inputs)
    rewrite(model)
    path.write_bytes(model.SerializeToString())
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def run(data):
        text = np.frombuffer(data, np.uint8)[np.newaxis]
        return tuple(part.tolist() for part in session.run(None, {"text": text}))

    return run


class _AsTuple(torch.nn.Module):
    def __init__(self, tokenize):
        super().__init__()
        self.tokenize = tokenize

    def forward(self, text):
        return tuple(self.tokenize(text))


def in_executorch(graph, path):
    """Write and run it; graph: made with widen=False."""
    # Not with this module, which every process of tests imports: the exporter takes seconds.
    from executorch.exir import EdgeCompileConfig, to_edge
    from executorch.runtime import Runtime

    graph = _AsTuple(graph).eval()
    shapes = ({1: torch.export.Dim("n", min=1, max=512)},)
    exported = torch.export.export(graph, (as_tensor(b"an example"),), dynamic_shapes=shapes)
    edge = to_edge(exported, compile_config=EdgeCompileConfig(_check_ir_validity=False))
    path.write_bytes(edge.to_executorch().buffer)
    method = Runtime.get().load_program(path).load_method("forward")

    def run(data):
        return tuple(part.tolist() for part in method.execute([as_tensor(data)]))

    # The method reads the program's memory, so this must outlive it.
    run.method = method
    return run


def as_tensor(data):
    return torch.frombuffer(bytearray(data), dtype=torch.uint8).reshape(1, -1)
