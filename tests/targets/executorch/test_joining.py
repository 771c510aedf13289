"""Of two layers of integers nothing is left of what stood between them, and no answer changes."""

import pytest
import torch
from torch import nn

import edgetext.targets.executorch.write  # noqa: F401 (torch knows the operators of integers by it)
from edgetext.api.export import export
from edgetext.compression.quantization.quantize import Choices, quantize
from edgetext.model.model import Model
from edgetext.models.quantized.static import StaticConvolution
from edgetext.predictor import load
from edgetext.targets.executorch.joining import joined
from edgetext.targets.executorch.layers import StaticInt8Convolution

aten = torch.ops.aten
WIDTH = 8


def convolution(scale):
    generator = torch.Generator().manual_seed(1)
    weight = torch.randint(-60, 60, (WIDTH, 3, WIDTH), generator=generator, dtype=torch.int8)
    steps = torch.full((WIDTH,), 0.01), None, torch.tensor([scale]), torch.zeros(1).byte()
    return StaticInt8Convolution(StaticConvolution(weight, *steps, torch.tensor([0.5])))


class Layers(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        for layer in self.layers:
            x = nn.functional.dropout(layer.convolve(x, 3, None, False), 0.1, self.training)
        return x


def counted(program):
    names = [str(node.target) for node in program.graph.nodes]
    parts = "permute", "reshape", "dropout", "dequantize_per_tensor"
    return {part: sum(part in name for name in names) for part in parts}


def exported(module, x):
    with torch.no_grad():
        return torch.export.export(
            module, (x,), dynamic_shapes=({1: torch.export.Dim("n", min=1)},)
        )


@pytest.mark.parametrize(("second", "pairs"), [(0.5, 3), (0.25, 4)])
def test_integers_go_from_one_convolution_to_the_next(second, pairs):
    torch.manual_seed(1)
    module = Layers(convolution(0.1), convolution(second)).eval()
    x = torch.randn(1, 5, WIDTH)
    program = exported(module, x)
    assert counted(program)["permute"] == 4
    program = joined(program)
    # What is rounded by another scale is rounded once more.
    assert counted(program) == {
        "permute": 2, "reshape": 2, "dropout": 0, "dequantize_per_tensor": pairs
    }  # fmt: skip
    for words in (1, 2, 30):
        x = torch.randn(1, words, WIDTH)
        assert torch.equal(program.module()(x), module(x))


class Residual(nn.Module):
    def __init__(self, first, second):
        super().__init__()
        self.first, self.second = first, second

    def forward(self, x):
        y = self.first.convolve(x, 3, None, False)
        return y + self.second.convolve(y, 3, None, False)


def test_what_a_sum_reads_too_stays_as_it_is():
    x = torch.randn(1, 5, WIDTH)
    module = Residual(convolution(0.1), convolution(0.5))
    before = counted(exported(module, x))
    assert counted(joined(exported(module, x))) == before


def test_a_file_with_residual_connections_answers_as_its_checkpoint(train_tiny, tmp_path):
    encoder = "{type: conv, embedding: 24, hidden: 32, layers: 3, residual: true, normalize: true}"
    text = "hashed: {buckets: 300, lengths: [2, 3]}"
    model = Model.load(train_tiny(tmp_path / "tag.pt", "tag", encoder, 1, text))
    quantize(model, choices=Choices(static="percentile")).model.save(tmp_path / "int8.pt")
    export(tmp_path / "int8.pt", target="mobile", output=tmp_path)
    checkpoint, file = load(tmp_path / "int8.pt"), load(tmp_path / "int8.pte")
    for count in range(1, 40, 3):
        text = " ".join(f"Oslo {n} rain" for n in range(count))
        assert file.predict(text).spans == checkpoint.predict(text).spans


class Views(nn.Module):
    def forward(self, x):
        turned = x.permute(0, 2, 1).reshape(1, -1, WIDTH)
        rows = x.reshape(2, -1, WIDTH)
        return turned + x, rows.permute(1, 0, 2), x.reshape(1, 1, -1, WIDTH).reshape(1, -1, WIDTH)


def test_views_that_change_something_stay():
    x = torch.randn(1, 2 * WIDTH, WIDTH)
    program = exported_even(x)
    before = Views()(x)
    program = joined(program)
    assert counted(program)["permute"] == 2 and counted(program)["reshape"] == 2
    assert all(torch.equal(a, b) for a, b in zip(program.module()(x), before, strict=True))


def exported_even(x):
    with torch.no_grad():
        half = torch.export.Dim("n", min=1)
        return torch.export.export(Views(), (x,), dynamic_shapes=({1: 2 * half},))
