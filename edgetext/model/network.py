"""The network of a checkpoint, whatever was done to it since training."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from edgetext.core.errors import EdgetextError
from edgetext.model.checkpoint import Checkpoint
from edgetext.models import Network, build_network
from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.models.quantized.int4 import Int4Embedding, Int4Linear
from edgetext.models.quantized.int8 import Int8Embedding, Int8Linear
from edgetext.models.quantized.static import StaticConvolution


def load_network(checkpoint: Checkpoint, source: str = "checkpoint") -> Network:
    """The network of the checkpoint that came from `source`, in evaluation mode.

    A layer whose `weight` is stored as int8 becomes an int8 layer. EdgetextError when the tensors
    are not those of the network that the header describes.
    """
    header, tensors = checkpoint.header, checkpoint.tensors
    network = build_network(header["recipe"], len(header["vocabulary"]["pieces"]), header["labels"])

    def like_stored(name: str, module: nn.Module) -> nn.Module:
        packed = tensors.get(f"{name}.packed")
        if packed is not None:
            scale = tensors[f"{name}.scale"]
            if isinstance(module, TokenEmbedding):
                return Int4Embedding(packed, scale, module.weight.shape[1])
            assert isinstance(module, nn.Linear)
            return Int4Linear(packed, scale, tensors.get(f"{name}.bias"), module.in_features)
        weight = tensors.get(f"{name}.weight")
        if weight is None or weight.dtype != torch.int8:
            return module
        if f"{name}.output_scale" in tensors:
            return StaticConvolution.stored(tensors, name)
        scale = tensors[f"{name}.scale"]
        if isinstance(module, TokenEmbedding):
            return Int8Embedding(weight, scale)
        return Int8Linear(weight, scale, tensors.get(f"{name}.bias"))

    try:
        replace_modules(network, like_stored)
        network.load_state_dict(tensors)
    except (KeyError, RuntimeError) as error:
        raise EdgetextError(
            f"{source}: the tensors are not those of the network that its header describes; train "
            "it again"
        ) from error
    return network.eval()


def replace_modules(root: nn.Module, change: Callable[[str, nn.Module], nn.Module]) -> None:
    """Put `change(dotted name, module)` in the place of every leaf of `root`, in place."""
    for name, module in list(root.named_modules()):
        if name and not any(True for _ in module.children()):
            parent, _, attribute = name.rpartition(".")
            setattr(root.get_submodule(parent), attribute, change(name, module))
