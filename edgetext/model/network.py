"""The network of a checkpoint, whatever was done to it since training."""

from __future__ import annotations

from torch import nn

from edgetext.core.errors import EdgetextError
from edgetext.model.checkpoint import Checkpoint
from edgetext.models import Network, build_network
from edgetext.models.quantized.scheme import recognized, scheme_class
from edgetext.models.replacement import replace_modules


def load_network(checkpoint: Checkpoint, source: str = "checkpoint") -> Network:
    """Build the network of the checkpoint that came from `source`, in evaluation mode.

    Its quantized layers are those of the header's `quantization`, or what their tensors show where
    the header does not say it. EdgetextError when the tensors are not those of the network that the
    header describes.
    """
    header, tensors = checkpoint.header, checkpoint.tensors
    network = build_network(header.recipe, len(header.pieces), header.labels)
    schemes = header.quantization or recognized(tensors)

    def like_stored(name: str, module: nn.Module) -> nn.Module:
        scheme = schemes.get(name)
        return module if scheme is None else scheme_class(scheme).stored(tensors, name, module)

    try:
        replace_modules(network, like_stored)
        network.load_state_dict(tensors)
    except (KeyError, RuntimeError) as error:
        raise EdgetextError(
            f"{source}: the tensors are not those of the network that its header describes; train "
            "it again"
        ) from error
    return network.eval()
