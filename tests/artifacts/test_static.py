"""A static network in ONNX Runtime: integers from the table to the last convolution."""

import onnx
import pytest
from once import made_once

from edgetext.artifacts.export import export
from edgetext.compression.quantization.quantize import Choices, quantize
from edgetext.model.model import Model
from edgetext.predictor import load


@pytest.fixture(scope="module")
def static(train_tiny, models):
    """A checkpoint of windows and attention, and its `.onnx` file."""
    path = models / "static.pt"

    def quantized():
        encoder = (
            "{type: conv, embedding: 32, hidden: 32, layers: 3, kernel: 3, heads: 1, "
            "attention_after: 2}"
        )
        source = train_tiny(models / "windows.pt", encoder=encoder)
        quantize(Model.load(source), choices=Choices(static="percentile")).model.save(path)

    made_once(path, quantized)
    made_once(path.with_suffix(".onnx"), lambda: export(Model.load(path), "server"))
    return path


def test_no_operator_stands_between_two_convolutions(static):
    nodes = list(onnx.load(static.with_suffix(".onnx")).graph.node)
    makers = {output: node.op_type for node in nodes for output in node.output}
    before = [makers[n.input[0]] for n in nodes if n.op_type == "QLinearConv"]
    assert before == ["Gather", "QLinearConv", "QuantizeLinear"]
    readers = [n for n in nodes if n.op_type == "MatMulIntegerToFloat"]
    assert all(makers[n.input[0]] in ("QLinearConv", "ReduceMax") for n in readers) and readers


def test_all_weights_are_for_signed_kernels(static):
    graph = onnx.load(static.with_suffix(".onnx")).graph
    kinds = {tensor.name: tensor.data_type for tensor in graph.initializer}
    products = [n for n in graph.node if n.op_type in ("MatMulIntegerToFloat", "QLinearConv")]
    weights = [n.input[1 if n.op_type == "MatMulIntegerToFloat" else 3] for n in products]
    assert len(weights) >= 4 and {kinds[name] for name in weights} == {onnx.TensorProto.INT8}


def test_the_answers_are_those_of_the_checkpoint(static, texts):
    eager, exported = load(static), load(static.with_suffix(".onnx"))
    alike = 0
    for text in texts:
        expected, found = eager.predict(text), exported.predict(text)
        alike += (found.intent, found.spans) == (expected.intent, expected.spans)
        assert found.scores == pytest.approx(expected.scores, abs=0.03)
    assert alike >= 0.98 * len(texts)
