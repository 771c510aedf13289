"""How each layer of a network is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import nn

from edgetext.compression.quantization.calibrate import Steps
from edgetext.model.network import replace_modules
from edgetext.models import Network
from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.models.quantized.fake import Quantizer, becomes_int8, quantize_rows
from edgetext.models.quantized.int4 import Int4Embedding, Int4Linear
from edgetext.models.quantized.int8 import Int8Embedding, Int8Linear
from edgetext.models.quantized.static import StaticConvolution, quantize_pairs


@dataclass(frozen=True, slots=True)
class Precision:
    """keep: the layers that stay float32. int4: those whose weights have 4 bits. steps: the
    convolutions whose activations have fixed steps. All else that is large has int8 weights and
    finds the ranges of its inputs as it runs."""

    keep: frozenset[str] = frozenset()
    int4: frozenset[str] = frozenset()
    steps: Mapping[str, Steps] = field(default_factory=dict)

    def of(self, name: str, module: nn.Module) -> nn.Module:
        """What stands in the place of a layer."""
        if name in self.keep or not becomes_int8(module):
            return module
        if isinstance(module, TokenEmbedding):
            if name in self.int4:
                return Int4Embedding.of(module.weight)
            step = self.step_of_table()
            if step is not None:
                return Int8Embedding.of_one_step(module.weight, step)
            return Int8Embedding.of(module.weight)
        assert isinstance(module, nn.Linear)
        if name in self.int4:
            return Int4Linear.of(module)
        if name in self.steps:
            return StaticConvolution.of(module, self.steps[name])
        return Int8Linear.of(module, self.quantizer)

    @property
    def quantizer(self) -> Quantizer:
        """How a linear layer's weights become integers: in a network with fixed steps those beside
        its convolutions are for signed kernels too."""
        return quantize_pairs if self.steps else quantize_rows

    @property
    def fixed(self) -> dict[str, Steps]:
        """The steps of the convolutions that have them in the end."""
        others = self.keep | self.int4
        return {name: steps for name, steps in self.steps.items() if name not in others}

    def step_of_table(self) -> float | None:
        """The one step of an embedding that a convolution reads as it is: then its rows are
        integers that need no change."""
        readers = [steps for steps in self.fixed.values() if steps.reads_table]
        return readers[0].input_scale if readers else None


def store(network: Network, precision: Precision) -> None:
    """Replace each layer by what stores it, in place."""
    replace_modules(network, precision.of)
    network.eval()
