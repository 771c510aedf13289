"""An encoder whose shape and weights a folder of Hugging Face has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field
from torch import nn

from edgetext.core.errors import EdgetextError
from edgetext.registry import register

TYPE = "pretrained"


@register("encoder", TYPE)
class PretrainedEncoder(nn.Module):
    """What a recipe says of it. `train` puts the encoder that the folder describes in its place, so
    that no checkpoint has one of this type.

    heads: what answers a task where the recipe names no head, and its task's own head would read
    the ids of edgetext's vocabularies alone.
    """

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")

        path: str = Field(description="folder with config.json, model.safetensors, tokenizer.json")
        max_pieces: int | None = Field(
            None, ge=8, description="pieces of a text that are read; null = as the folder says"
        )

    heads: ClassVar[Mapping[str, str]] = {"match": "pretrained_match"}

    def __init__(self, config: Config) -> None:
        raise EdgetextError(
            f"encoder.type {TYPE} ({config.path}) is for `encoder` of a recipe that `edgetext "
            "train` trains; give another type here"
        )
