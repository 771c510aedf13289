"""Training with the rounding of a precision: a network that answers as its integers will."""

from __future__ import annotations

from functools import partial
from typing import Any

from edgetext.compression.quantization.precision import Precision
from edgetext.models import Network
from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.models.quantized.fake import RoundedLinear, start_rounding, stop_rounding
from edgetext.models.quantized.int4 import quantize_nibbles
from edgetext.models.quantized.int8 import quantize_by_step
from edgetext.models.quantized.static import over_rounded


def start_rounding_as(precision: Precision, network: Network) -> None:
    """Let each layer round as what `precision` stores in its place, in place: weights to the very
    values of its integers, inputs row by row or to fixed steps. Gradients pass the rounding as if
    it were not there (straight-through, Jacob et al. 2018, §3)."""
    start_rounding(network, precision.keep)
    step = precision.step_of_table()
    for name, module in network.named_modules():
        layer: Any = module
        if name in precision.keep:
            continue
        if name in precision.int4:
            layer.quantizer = quantize_nibbles
        elif isinstance(module, TokenEmbedding) and step is not None:
            layer.quantizer = partial(quantize_by_step, scale=step)
        elif name in precision.fixed:
            layer.over_windows = partial(over_rounded, layer, precision.fixed[name])
        elif isinstance(module, RoundedLinear):
            layer.quantizer = precision.quantizer


def stop_rounding_as(network: Network) -> None:
    """Undo `start_rounding_as`."""
    stop_rounding(network)
    for module in network.modules():
        module.__dict__.pop("over_windows", None)
