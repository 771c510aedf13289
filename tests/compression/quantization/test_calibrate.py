"""Calibration: which scales a network's convolutions get, and that it stays as it was."""

import torch
from convolving import LABELS, batches, network
from torch import nn

from edgetext.compression.quantization.calibrate import calibrate
from edgetext.models import build_network


def test_a_convolution_takes_the_integers_of_the_one_before():
    scales = calibrate(network(), batches())
    first, second, third = scales.values()
    assert list(scales) == ["encoder.layers.0", "encoder.layers.1", "encoder.layers.2"]
    assert first.reads_table and first.input_zero == 128 and first.width == 3
    for before, after in ((first, second), (second, third)):
        assert (after.input_scale, after.input_zero) == (before.output_scale, 0)
        assert not after.reads_table


def test_a_residual_or_attention_between_makes_scales_of_their_own():
    scales = list(calibrate(network(heads=1, attention_after=1), batches()).values())
    assert scales[1].input_scale != scales[0].output_scale
    assert scales[2].input_scale == scales[1].output_scale


def test_more_of_the_values_are_covered_by_minmax_than_by_the_others():
    widest = calibrate(network(), batches(), "minmax")
    for method in ("percentile", "entropy"):
        for name, scales in calibrate(network(), batches(), method).items():
            assert 0 < scales.output_scale <= widest[name].output_scale * 1.0001


def test_calibration_leaves_the_network_as_it_was():
    net, batch = network(), next(batches())
    before = net(batch.ids, batch.mask)["intent"]
    calibrate(net, batches())
    assert torch.equal(net(batch.ids, batch.mask)["intent"], before)
    assert all(type(layer) is nn.Linear for layer in net.encoder.layers)


def test_a_causal_convolution_stays_dynamic():
    torch.manual_seed(1)
    recipe = {
        "encoder": {"type": "cnn", "embedding": 32, "hidden": 32, "causal": True},
        "head": {"type": "classify"},
    }
    assert calibrate(build_network(recipe, 50, LABELS), batches()) == {}
