"""Integer layers as operators of ONNX Runtime: they round as the checkpoint does when it is asked
to."""

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from edgetext.models.quantized.exported_layers import Place
from edgetext.models.quantized.int8 import Int8
from edgetext.targets.onnx.layers import OnnxInt8Linear, OnnxRowsLinear, int8_linear
from edgetext.targets.onnx.scaled_rows import OnnxScaledRows
from edgetext.targets.onnx.write import export_graph


def in_runtime(exported, x):
    """What ONNX Runtime answers to rows float32[1, n, D] of any number n."""
    size = torch.export.Dim("n", min=1)
    content = export_graph(exported, {"x": (x, {1: size})}).SerializeToString()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (answer,) = session.run(None, {"x": x.numpy()})
    return answer


@pytest.mark.parametrize(
    ("operator", "rounding", "inputs"),
    [
        (OnnxRowsLinear, "blocks", 96),  # one block and a half
        (OnnxInt8Linear, "tensor", 16),
    ],
)
def test_the_operator_rounds_as_the_layer(operator, rounding, inputs):
    generator = torch.Generator().manual_seed(4)
    x = torch.randn(1, 5, inputs, generator=generator)
    layer = Int8().of(nn.Linear(inputs, 12))
    answer = in_runtime(operator(layer), x)
    layer.rounding = rounding
    np.testing.assert_allclose(answer, layer(x).detach().numpy(), atol=1e-5)
    layer.rounding = "rows"
    assert np.abs(answer - layer(x).detach().numpy()).max() > 1e-4


def test_a_smoothed_layer_multiplies_its_inputs_first():
    x = torch.randn(1, 5, 16, generator=torch.Generator().manual_seed(4))
    layer = Int8(smoothing=torch.linspace(0.1, 2, 16)).of(nn.Linear(16, 12))
    exported = int8_linear(layer, Place("layer"))
    answer = in_runtime(exported, x)
    layer.rounding = "tensor"
    np.testing.assert_allclose(answer, layer(x).detach().numpy(), atol=1e-5)


@pytest.mark.parametrize(
    ("columns", "wide"),
    [(13, 13), (16, 16), (17, 32), (31, 32), (32, 32), (48, 48), (79, 80), (95, 96)],
)
def test_columns_that_a_release_multiplies_wrongly_are_made_more(columns, wide):
    x = torch.randn(1, 5, 16, generator=torch.Generator().manual_seed(4))
    layer = Int8().of(nn.Linear(16, columns))
    assert type(int8_linear(layer, Place("hidden", first=True))) is OnnxRowsLinear
    exported = int8_linear(layer, Place("tags"))
    assert isinstance(exported, OnnxInt8Linear) and exported.weight.shape[1] == wide
    answer = in_runtime(exported, x)
    layer.rounding = "tensor"
    np.testing.assert_allclose(answer, layer(x).detach().numpy(), atol=1e-5)


def test_rows_before_a_narrowing_layer_are_rounded_each_by_itself():
    generator = torch.Generator().manual_seed(4)
    # Rows of very different sizes, and one of zeros.
    x = torch.randn(1, 4, 1024, generator=generator) * torch.tensor([[[1e3], [1], [1e-3], [0]]])
    layer = Int8().of(nn.Linear(1024, 256))
    exported = int8_linear(layer, Place("narrow"))
    assert isinstance(exported, OnnxScaledRows)
    answer = in_runtime(exported, x)
    exact = nn.functional.linear(x, layer.dequantized(), layer.bias).detach().numpy()
    within = np.abs(answer - exact).max(axis=-1) / np.abs(exact - layer.bias.numpy()).max(axis=-1)
    assert (within[0, :3] < 0.02).all() and (answer[0, 3] == layer.bias.numpy()).all()
