"""How int8 rounds weights and inputs, and training with that rounding (quantization-aware)."""

from __future__ import annotations

from collections.abc import Callable, Collection

import torch
from torch import Tensor, nn

from edgetext.models.layers.embedding import TokenEmbedding

LIMIT = 127
# Below this many weights a layer is faster in float32, and its bytes do not count.
SMALL = 2048
# XNNPACK's and ONNX Runtime's activations have 256 steps; a row of zeros must still have a step.
STEPS = 255
SMALLEST_STEP = 1e-7
# float[N, K] -> integers int8[N, K] and a step a row float32[N].
Quantizer = Callable[[Tensor], tuple[Tensor, Tensor]]


def quantize_rows(weight: Tensor) -> tuple[Tensor, Tensor]:
    """float[N, K] -> int8[N, K] and its step float32[N]: symmetric, one step a row.

    The step is the row's largest magnitude / 127, so no weight is clipped (Krishnamoorthi 2018,
    §3.1.1, per channel).
    """
    scale = (weight.detach().abs().amax(dim=1) / LIMIT).clamp(min=SMALLEST_STEP)
    values = torch.round(weight.detach() / scale[:, None]).clamp(-LIMIT, LIMIT)
    return values.to(torch.int8), scale.to(torch.float32)


def round_activations(x: Tensor, together: tuple[int, ...] = (-1,)) -> Tensor:
    """x float[..., K] as 256 steps between its smallest and largest value, zero included.

    together: the dimensions whose values share a range. Zero stays zero exactly.
    """
    low = x.amin(dim=together, keepdim=True).clamp(max=0)
    high = x.amax(dim=together, keepdim=True).clamp(min=0)
    scale = ((high - low) / STEPS).clamp(min=SMALLEST_STEP)
    zero = torch.round(-low / scale)
    return (torch.clamp(torch.round(x / scale) + zero, 0, STEPS) - zero) * scale


class RoundedLinear(nn.Linear):
    """A Linear that answers as its int8 form will; gradients pass the rounding as if it were not
    there (straight-through, Jacob et al. 2018, §3). quantizer: see `quantize_rows`."""

    quantizer: Quantizer = staticmethod(quantize_rows)

    def forward(self, x: Tensor) -> Tensor:
        weight = straight_through(self.weight, _round_rows(self.weight, self.quantizer))
        return nn.functional.linear(straight_through(x, round_activations(x)), weight, self.bias)


class RoundedEmbedding(TokenEmbedding):
    """A table whose rows are those of its int8 form, and so is what reads all of them as an output
    matrix. quantizer: see `quantize_rows`."""

    quantizer: Quantizer = staticmethod(quantize_rows)

    def forward(self, ids: Tensor) -> Tensor:
        rows = nn.functional.embedding(ids, self.weight)
        return straight_through(
            rows, _round_rows(rows.flatten(0, -2), self.quantizer).view_as(rows)
        )

    def table(self) -> Tensor:
        return straight_through(self.weight, _round_rows(self.weight, self.quantizer))

    def scores(self, x: Tensor, bias: Tensor) -> Tensor:
        x = straight_through(x, round_activations(x))
        return nn.functional.linear(x, self.table(), bias)


ROUNDED: dict[type[nn.Module], type[nn.Module]] = {
    nn.Linear: RoundedLinear,
    TokenEmbedding: RoundedEmbedding,
}
PLAIN = {rounded: plain for plain, rounded in ROUNDED.items()}


def becomes_int8(module: nn.Module) -> bool:
    """Whether compression stores this module's weights as int8."""
    if isinstance(module, TokenEmbedding):
        return True
    return isinstance(module, nn.Linear) and module.weight.numel() >= SMALL


def start_rounding(network: nn.Module, keep: Collection[str] = ()) -> None:
    """Let every module that becomes int8 round as int8 does, but for those of the names `keep`; its
    tensors stay where they are."""
    for name, module in network.named_modules():
        if becomes_int8(module) and type(module) in ROUNDED and name not in keep:
            module.__class__ = ROUNDED[type(module)]


def stop_rounding(network: nn.Module) -> None:
    """Undo `start_rounding`."""
    for module in network.modules():
        if type(module) in PLAIN:
            module.__dict__.pop("quantizer", None)
            module.__class__ = PLAIN[type(module)]


def _round_rows(weight: Tensor, quantizer: Quantizer) -> Tensor:
    values, scale = quantizer(weight)
    return values.to(weight.dtype) * scale[:, None]


def straight_through(value: Tensor, rounded: Tensor) -> Tensor:
    """The rounded value, with the gradient of the other."""
    return value + (rounded - value).detach()
