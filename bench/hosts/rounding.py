"""A checkpoint that rounds in other ways, to see which of its answers hang on that.

Every runtime rounds what an int8 layer takes in its own way: a row, a block of a row or a tensor at
a time. Which answers survive any of them, the checkpoint's own ways of rounding say in part, and
random ones say for the rest.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, get_args

import torch
from torch import Tensor, nn

from edgetext.compression.int8 import Rounding

# Random ways to round. An answer that one of the runtimes gives otherwise, none of these giving it
# so, would be called a fault.
DRAWS = 8
# In steps of 8 bits over a tensor's range, either way: twice what rounding itself does, so that a
# few draws find what it could. Of 555 texts a student's int8 files answered otherwise, 5 were
# settled by the checkpoint's own ways alone, 1 with noise of half a step or three quarters, none
# with a whole one, by which 102 are borderline.
NOISE = 1.0
STEPS = 255


def other_roundings(network: nn.Module) -> Iterator[None]:
    """Put the network into each state in turn, and at the end back into its own; no state at all
    where it rounds nothing."""
    rounded = [module for module in network.modules() if hasattr(module, "rounding")]
    if not rounded:
        return
    own, *others = get_args(Rounding)
    try:
        for rounding in others:
            _set(rounded, rounding)
            yield
        # Rounding "none" is still set: the noise is all there is.
        for seed in range(DRAWS):
            with _noisy(rounded, torch.Generator().manual_seed(seed)):
                yield
    finally:
        _set(rounded, own)


def _set(modules: list[nn.Module], rounding: Rounding) -> None:
    for module in modules:
        module.rounding = rounding  # type: ignore[assignment]


@contextlib.contextmanager
def _noisy(modules: list[nn.Module], generator: torch.Generator) -> Iterator[None]:
    """Noise on the numbers that the modules take."""

    def disturb(module: nn.Module, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(_disturbed(x, generator) for x in inputs)

    hooks = [module.register_forward_pre_hook(disturb) for module in modules]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _disturbed(x: Any, generator: torch.Generator) -> Any:
    if not isinstance(x, Tensor) or not x.is_floating_point() or not x.numel():
        return x
    step = (x.amax() - x.amin()) / STEPS
    return x + NOISE * step * (2 * torch.rand(x.shape, generator=generator) - 1)
