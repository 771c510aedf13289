"""Weights of 4 bits: packed two in a byte, and what becomes of a layer and a table."""

import pytest
import torch
from torch import nn

from edgetext.cli import main
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.network import load_network
from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.models.quantized.int4 import (
    Int4,
    Int4Embedding,
    Int4Linear,
    pack,
    quantize_int4,
    unpack,
)


def matrix(rows=12, columns=16):
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("columns", [15, 16])
def test_nibbles_come_back_as_they_were(columns):
    values = torch.arange(-8, 8, dtype=torch.int8).repeat(3, 1)[:, :columns]
    packed = pack(values)
    assert packed.dtype == torch.uint8 and packed.shape == (3, 8)
    assert torch.equal(unpack(packed, columns), values)


def test_the_step_has_the_least_error_of_those_tried():
    weight = matrix()
    weight[0, 0] = 10.0
    values, scale = quantize_int4(weight)
    assert int(values.abs().max()) == 7
    largest = weight.abs().amax(dim=1) / 7
    plain = torch.round(weight / largest[:, None]) * largest[:, None]
    error = (values * scale[:, None] - weight).square().sum(dim=1)
    assert (error <= (plain - weight).square().sum(dim=1) + 1e-6).all()


@pytest.mark.parametrize("dimension", [15, 16])
def test_a_table_unpacks_its_rows(dimension):
    table = matrix(columns=dimension)
    embedding = TokenEmbedding(*table.shape)
    embedding.weight.data = table
    stored = Int4().of(embedding)
    ids = torch.tensor([[0, 5, 5, 11]])
    values, scale = quantize_int4(table)
    torch.testing.assert_close(stored(ids), (values * scale[:, None])[ids])
    assert stored.packed.numel() == 12 * 8


def test_a_layer_answers_near_the_float_one():
    layer, x = nn.Linear(16, 12), matrix(5).unsqueeze(0)
    stored = Int4().of(layer)
    assert stored(x).shape == (1, 5, 12)
    assert 0 < (stored(x) - layer(x)).square().mean().sqrt() < 0.2 * layer(x).std()


def test_the_command_packs_the_table_or_all(joint, tmp_path):
    target = tmp_path / "m.pt"
    command = ["quantize", "--int4", str(joint), "-o", str(target)]
    assert main(command) == 0
    network = load_network(Checkpoint.load(target))
    assert isinstance(network.embedding, Int4Embedding)
    assert not isinstance(network.encoder.layers[0], Int4Linear)
    assert main([*command, "--int4-layers", "all"]) == 0
    network = load_network(Checkpoint.load(target))
    assert isinstance(network.encoder.layers[0], Int4Linear)
    assert isinstance(network.encoder.attention.qkv, Int4Linear)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--int4", "--int4-layers", "embeding"], "no such layer that becomes integers; did you"),
        (["--int8", "--int4-layers", "all"], "belongs to --int4"),
        (["--int4", "--int4-layers", "all", "--static"], "leave out --static"),
        ([], "say which precision"),
    ],
)
def test_what_does_not_fit_is_refused(joint, tmp_path, capsys, arguments, words):
    assert main(["quantize", *arguments, str(joint), "-o", str(tmp_path / "x.pt")]) == 2
    assert words in capsys.readouterr().err and not list(tmp_path.iterdir())
