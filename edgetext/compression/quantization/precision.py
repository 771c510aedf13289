"""How each layer of a network is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor, nn

from edgetext.models import Network
from edgetext.models.quantized.int8 import Int8
from edgetext.models.quantized.scheme import Scheme, becomes_integers, scheme_class
from edgetext.models.quantized.static import Static, StaticScales
from edgetext.models.replacement import replace_modules


@dataclass(frozen=True, slots=True)
class Precision:
    """keep: the layers that stay float32. schemes: those of a scheme that is chosen by its name.
    static: the convolutions whose activations have been calibrated. smoothing: of linear layers,
    see quantization.smooth. All else that is large is int8."""

    keep: frozenset[str] = frozenset()
    schemes: Mapping[str, str] = field(default_factory=dict)
    static: Mapping[str, StaticScales] = field(default_factory=dict)
    smoothing: Mapping[str, Tensor] = field(default_factory=dict)

    def scheme_of(self, name: str, module: nn.Module) -> Scheme | None:
        """Choose the scheme of a layer; None where it stays float32."""
        if name in self.keep or not becomes_integers(module):
            return None
        if name in self.schemes:
            return scheme_class(self.schemes[name])()
        if name in self.static:
            return Static(self.static[name])
        # The weights beside static convolutions are for kernels of signed weights too.
        return Int8(bool(self.static), self.table_scale(), self.smoothing.get(name))

    def replacement(self, name: str, module: nn.Module) -> nn.Module:
        """Give what stands in the place of a layer."""
        scheme = self.scheme_of(name, module)
        if scheme is None or not becomes_integers(module):
            return module
        return scheme.of(module)

    @property
    def static_layers(self) -> dict[str, StaticScales]:
        """Give the scales of the convolutions that are static in the end."""
        return {
            name: scales
            for name, scales in self.static.items()
            if name not in self.keep and name not in self.schemes
        }

    def table_scale(self) -> float | None:
        """Give the one scale of an embedding that a static convolution reads as it is: its rows
        are integers then that need no change."""
        readers = [scales for scales in self.static_layers.values() if scales.reads_table]
        return readers[0].input_scale if readers else None


def store(network: Network, precision: Precision) -> None:
    """Replace each layer by what stores it, in place."""
    replace_modules(network, precision.replacement)
    network.eval()
