"""Low-rank adapters: beside each Linear of an encoder's layers a small one learns, which is added
to it at the end (LoRA, Hu et al. 2021, §4.1), by PEFT."""

from __future__ import annotations

from typing import Any

from torch import nn

from edgetext.core.errors import EdgetextError
from edgetext.models import Network
from edgetext.models.replacement import put_module
from edgetext.recipe.schema import LoraConfig


def adapt(network: Network, config: LoraConfig) -> None:
    """Put adapters beside the Linears of the encoder's layers, in place; the rest of the encoder
    and the embedding learn nothing any more, and the head does.

    EdgetextError where PEFT is not installed, and for an encoder without such layers.
    """
    peft = _peft()
    names = [
        f"encoder.{name}"
        for name, module in network.encoder.named_modules()
        if name.startswith("layers.") and isinstance(module, nn.Linear)
    ]
    if not names:
        raise EdgetextError(
            "training.lora: this encoder has no layers with a Linear; leave it out, or take a "
            "transformer or a pretrained encoder"
        )
    chosen = peft.LoraConfig(
        r=config.rank,
        lora_alpha=config.alpha,
        lora_dropout=config.dropout,
        target_modules=names,
    )
    peft.inject_adapter_in_model(chosen, network)
    # PEFT lets adapters alone learn.
    network.head.requires_grad_(True)


def merge(network: Network) -> None:
    """Add the adapters to the Linears that they stand beside, in place, so that the network is as
    it was before `adapt`."""
    adapted = _peft().tuners.lora.Linear
    for name, module in list(network.named_modules()):
        if isinstance(module, adapted):
            layer: Any = module
            layer.merge()
            put_module(network, name, layer.get_base_layer())
    network.requires_grad_(True)


def _peft() -> Any:
    try:
        import peft
    except ImportError as error:
        raise EdgetextError(
            "training.lora needs PEFT; install it with `pip install 'edgetext[lora]'`"
        ) from error
    return peft
