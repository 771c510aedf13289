"""Which scheme stores which layer."""

import torch
from torch import nn

from edgetext.compression.quantization.precision import Precision, store
from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.models.quantized.int4 import Int4
from edgetext.models.quantized.int8 import Int8
from edgetext.models.quantized.static import Static, StaticScales
from edgetext.models.quantized.weights import quantize_pairs, quantize_rows

SCALES = StaticScales(3, 0.05, 128, 0.1, reads_table=True)
LARGE, SMALL = nn.Linear(64, 64), nn.Linear(4, 4)


def test_large_layers_are_int8_and_small_ones_stay():
    precision = Precision()
    assert isinstance(precision.scheme_of("a", LARGE), Int8)
    assert precision.scheme_of("a", SMALL) is None
    assert precision.replacement("a", SMALL) is SMALL
    assert precision.scheme_of("a", LARGE).quantizer(LARGE) is quantize_rows


def test_a_name_chooses_a_scheme_and_keeping_goes_before_it():
    precision = Precision(keep=frozenset("a"), schemes={"a": "int4", "b": "int4"})
    assert precision.scheme_of("a", LARGE) is None
    assert isinstance(precision.scheme_of("b", LARGE), Int4)


def test_a_static_network_has_signed_kernels_and_one_scale_for_its_table():
    precision = Precision(static={"a": SCALES, "b": SCALES}, schemes={"b": "int4"})
    assert isinstance(precision.scheme_of("a", LARGE), Static)
    assert list(precision.static_layers) == ["a"]
    assert precision.scheme_of("c", LARGE).quantizer(LARGE) is quantize_pairs
    table = TokenEmbedding(10, 4)
    assert precision.scheme_of("embedding", table).table_scale == SCALES.input_scale
    alone = Precision(static={"b": SCALES}, schemes={"b": "int4"})
    assert alone.scheme_of("embedding", table).table_scale is None


def test_storing_changes_the_network_in_place_and_ends_training():
    net = nn.Sequential(LARGE, SMALL).train()
    store(net, Precision())
    assert net[0].weight.dtype == torch.int8 and net[1] is SMALL and not net.training
