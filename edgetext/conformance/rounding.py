"""A checkpoint that rounds in other ways, to see which of its answers depend on that.

Every runtime rounds what an int8 layer takes in its own way: a row, a block of a row or a tensor at
a time. Which answers survive any of them, the checkpoint's own ways of rounding say in part, and
random ones say for the rest.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator
from typing import Any, get_args

import torch
from torch import Tensor, nn

from edgetext.models import Network
from edgetext.models.quantized.activations import Rounding
from edgetext.models.quantized.layer import QuantizedLayer

# Random ways to round. An answer that one of the runtimes gives otherwise, none of these giving it
# so, would be called a fault.
DRAWS = 24
# In steps of 8 bits over a tensor's range, either way: twice what rounding itself does, so that a
# few draws find what it could. Of 555 texts a student's int8 files answered otherwise, 5 were
# settled by the checkpoint's own ways alone, 1 with noise of half a step or three quarters, none
# with a whole one, by which 102 are borderline.
NOISE = 1.0
STEPS = 255
# Of the range of a text's scores, either way: scores as near as that are a tie. Noise within the
# network has mean zero and leaves a pooled score where it was; what static quantization rounds away
# has not.
TIE = 1 / 64
# The same of a network of float32: what adding in another order does to sums of thousands of
# products. Of 1,073 texts a parser's .onnx answered three otherwise, in which a phrase stands again
# and again. Each falls to a seventieth of this; of 151 other texts none falls to 1e-5, which is
# more.
FLOAT_TIE, FLOAT_DRAWS = 2.0**-17, 12


def other_roundings(network: nn.Module) -> Generator[None]:
    """Put the network into each state in turn, and at the end back into its own; one of float32
    alone only has its scores moved by as little as its sums may differ."""
    rounded = [module for module in network.modules() if isinstance(module, QuantizedLayer)]
    scorers = [module for module in network.modules() if isinstance(module, Network)]
    if not rounded:
        for seed in range(FLOAT_DRAWS):
            with _noisy([], scorers, torch.Generator().manual_seed(seed), FLOAT_TIE):
                yield
        return
    as_stored, *others = get_args(Rounding)
    try:
        for rounding in others:
            _set(rounded, rounding)
            yield
        for seed in range(DRAWS):
            # Around what the network says of itself, and around what it would say unrounded.
            _set(rounded, (as_stored, "none")[seed % 2])
            with _noisy(rounded, scorers, torch.Generator().manual_seed(seed)):
                yield
    finally:
        _set(rounded, as_stored)


def _set(modules: list[QuantizedLayer], rounding: Rounding) -> None:
    for module in modules:
        module.rounding = rounding


@contextlib.contextmanager
def _noisy(
    modules: list[QuantizedLayer],
    scorers: list[Network],
    generator: torch.Generator,
    tie: float = TIE,
) -> Iterator[None]:
    """Put noise on the numbers that the modules take, and on the scores that the scorers give."""

    def disturb(module: nn.Module, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(_disturbed(x, generator) for x in inputs)

    def blur(
        module: nn.Module, inputs: tuple[Any, ...], scores: dict[str, Tensor]
    ) -> dict[str, Tensor]:
        return {name: _disturbed(x, generator, tie) for name, x in scores.items()}

    hooks = [module.register_forward_pre_hook(disturb) for module in modules]
    hooks += [scorer.register_forward_hook(blur) for scorer in scorers]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _disturbed(x: Any, generator: torch.Generator, share: float = NOISE / STEPS) -> Any:
    """Add noise of at most a share of the range, either way."""
    if not isinstance(x, Tensor) or not x.is_floating_point() or not x.numel():
        return x
    most = share * (x.amax() - x.amin())
    return x + most * (2 * torch.rand(x.shape, generator=generator) - 1)
