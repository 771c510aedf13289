"""Where in a network values are read and replaced: what its encoder reads, or a layer gives."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from edgetext.core.errors import EdgetextError
from edgetext.core.nearest import nearest
from edgetext.models.network import Network
from edgetext.models.networks.bi_encoder import BiEncoderNetwork

# So many layers are named in a message.
_LISTED = 20


class States:
    """The vectors at one place of a network, a row a piece.

    layer: the dotted name of a module, whose output they are; None for what the encoder reads: the
    embeddings, and what a network of two texts adds to them.

    Two towers read both texts as rows of one batch, so values are float[B, R, T, D] here: R rows,
    one or two, of each of B texts or pairs.
    """

    def __init__(self, network: Network, layer: str | None = None) -> None:
        self.network = network
        self.is_input = layer is None
        self.module: nn.Module = network.encoder
        if layer is not None:
            names = dict(network.named_modules())
            if layer not in names or not layer:
                of_encoder = [name for name in names if name.split(".")[0] == "encoder"]
                there = nearest(layer, names) or f"; there are {', '.join(of_encoder[:_LISTED])}"
                raise EdgetextError(f"--layer: the network has no layer {layer!r}{there}")
            self.module = names[layer]

    def at(self, ids: Tensor) -> Tensor:
        """Give float[1, R, T, D] for ids int64[1, T]; EdgetextError where a layer has no vector a
        piece, or is asked more than once."""
        seen: list[Any] = []

        def keep(module: nn.Module, values: Any, output: Any = None) -> None:
            seen.append(values[0] if self.is_input else output)

        handle = self._hook(keep)
        try:
            with torch.no_grad():
                self.network(ids)
        finally:
            handle.remove()
        if len(seen) != 1 or not _is_a_row_a_piece(seen[0], self.network, ids):
            layers = layers_of(self.network, ids)
            raise EdgetextError(
                "--layer: this layer does not give one vector a piece; these do: "
                f"{', '.join(layers[:_LISTED])}"
            )
        states: Tensor = seen[0].detach()
        return states.unsqueeze(0)

    @contextlib.contextmanager
    def replaced(self, values: Tensor) -> Iterator[None]:
        """Put float[B, R, T, D] in their place while the block runs the network on B texts."""
        rows = values.transpose(0, 1).reshape(-1, *values.shape[2:])

        def put(module: nn.Module, given: Any, output: Any = None) -> Any:
            return (rows, *given[1:]) if self.is_input else rows

        handle = self._hook(put)
        try:
            yield
        finally:
            handle.remove()

    def _hook(self, function: Any) -> Any:
        if self.is_input:
            return self.module.register_forward_pre_hook(function)
        return self.module.register_forward_hook(function)


def layers_of(network: Network, ids: Tensor) -> list[str]:
    """Name the layers of the encoder that give one vector a piece, in the order in which they
    run."""
    names: list[str] = []

    def note(name: str) -> Any:
        def keep(module: nn.Module, given: Any, output: Any) -> None:
            if _is_a_row_a_piece(output, network, ids):
                names.append(name)

        return keep

    modules = [(n, m) for n, m in network.named_modules() if n.split(".")[0] == "encoder"]
    handles = [module.register_forward_hook(note(name)) for name, module in modules]
    try:
        with torch.no_grad():
            network(ids)
    finally:
        for handle in handles:
            handle.remove()
    return [name for name in dict.fromkeys(names) if names.count(name) == 1]


def _is_a_row_a_piece(values: Any, network: Network, ids: Tensor) -> bool:
    """Tell whether values are float[R, T, D]: R is 1, or 2 of two towers, whose rows are as long as
    the longer text."""
    if not isinstance(values, Tensor) or values.dim() != 3 or not values.is_floating_point():
        return False
    rows, length, _ = values.shape
    if isinstance(network, BiEncoderNetwork):
        return rows == 2 and length < ids.shape[1]
    return rows == 1 and length == ids.shape[1]
