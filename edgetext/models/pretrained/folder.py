"""An encoder whose shape and weights a folder of Hugging Face has."""

from __future__ import annotations

from torch import nn

from edgetext.configs.pretrained import PRETRAINED, FolderConfig
from edgetext.core.errors import EdgetextError
from edgetext.registry import register


@register("encoder", PRETRAINED)
class PretrainedEncoder(nn.Module):
    """What a recipe says of it. `train` puts the encoder that the folder describes in its place, so
    that no checkpoint has one of this type."""

    Config = FolderConfig

    def __init__(self, config: FolderConfig) -> None:
        raise EdgetextError(
            f"encoder.type {PRETRAINED} ({config.path}) is for `encoder` of a recipe that "
            "`edgetext train` trains; give another type here"
        )
