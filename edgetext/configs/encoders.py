"""Configs of the encoders that a recipe trains from nothing."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from edgetext.configs.attention import check_attention, check_window
from edgetext.registry import register


@register("encoder_config", "bag")
class BagConfig(BaseModel):
    """Fields of encoder bag."""

    model_config = ConfigDict(extra="forbid")

    embedding: int = Field(64, ge=1, description="width of a piece's vector")
    hidden: int = Field(128, ge=1, description="width of the hidden layer")
    dropout: float = Field(0.1, ge=0, lt=1)


@register("encoder_config", "cnn")
class CnnConfig(BaseModel):
    """Fields of encoder cnn."""

    model_config = ConfigDict(extra="forbid")

    embedding: int = Field(64, ge=1, description="width of a piece's vector")
    hidden: int = Field(128, ge=1, description="width of a layer")
    layers: int = Field(2, ge=1)
    kernel: int = Field(3, ge=1, description="pieces that a convolution sees; odd")
    heads: int = Field(0, ge=0, description="heads of the attention layer; 0 leaves it out")
    attention_after: int | None = Field(
        None, ge=0, description="layers before the attention; by default all of them"
    )
    attention_window: int | None = Field(
        None, ge=1, description="pieces of a block; each sees its own and the two beside it"
    )
    causal: bool = Field(False, description="no piece sees a later one, for language models")
    dropout: float = Field(0.1, ge=0, lt=1)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.kernel % 2 == 0:
            raise ValueError(f"kernel is {self.kernel}; it must be odd")
        check_attention(self.heads, self.attention_after, self.layers)
        check_window(self.attention_window, self.heads, self.causal)
        if self.attention_after == 0 and self.embedding != self.hidden:
            raise ValueError("attention comes first, so embedding must equal hidden")
        if self.heads and self.hidden % self.heads:
            raise ValueError(f"hidden ({self.hidden}) must be a multiple of heads")
        return self


@register("encoder_config", "conv")
class ConvConfig(BaseModel):
    """Fields of encoder conv."""

    model_config = ConfigDict(extra="forbid")

    embedding: int = Field(64, ge=1, description="width of a piece's vector")
    hidden: int = Field(128, ge=1, description="width of a layer")
    layers: int = Field(2, ge=1)
    kernel: int | list[int] = Field(
        3, description="pieces that a layer sees, odd; or a number for each layer"
    )
    normalize: bool = Field(False, description="batch norm, folded into the layers at the end")
    residual: bool = Field(False, description="add a layer's input to its output")
    heads: int = Field(0, ge=0, le=1, description="1 for an attention layer, 0 for none")
    attention_after: int | None = Field(
        None, ge=1, description="layers before the attention; by default the first half"
    )
    attention_window: int | None = Field(
        None, ge=1, description="pieces of a block; each sees its own and the two beside it"
    )
    dropout: float = Field(0.1, ge=0, lt=1)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len(self.kernels) != self.layers:
            raise ValueError(
                f"kernel has {len(self.kernels)} numbers for {self.layers} layers; give one "
                "for each, or one for all"
            )
        for kernel in self.kernels:
            if kernel < 1 or kernel % 2 == 0:
                raise ValueError(f"kernel is {kernel}; it must be odd")
        check_attention(self.heads, self.attention_after, self.layers)
        check_window(self.attention_window, self.heads)
        return self

    @property
    def kernels(self) -> list[int]:
        """The pieces that each layer sees."""
        return self.kernel if isinstance(self.kernel, list) else [self.kernel] * self.layers


@register("encoder_config", "lstm")
class LstmConfig(BaseModel):
    """Fields of encoder lstm."""

    model_config = ConfigDict(extra="forbid")

    embedding: int = Field(128, ge=1, description="width of a piece's vector")
    hidden: int = Field(128, ge=1, description="width of the LSTM in each direction")
    layers: int = Field(1, ge=1)
    kernel: int = Field(1, ge=1, description="pieces that the convolution sees; odd; 1 = none")
    heads: int = Field(4, ge=0, description="attention heads; 0 leaves attention out")
    attention_window: int | None = Field(
        None, ge=1, description="pieces of a block; each sees its own and the two beside it"
    )
    causal: bool = Field(
        False, description="forwards only: no piece sees a later one, for language models"
    )
    dropout: float = Field(0.3, ge=0, lt=1)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.kernel % 2 == 0:
            raise ValueError(f"kernel is {self.kernel}; it must be odd")
        if self.heads and self.embedding % self.heads:
            raise ValueError(f"embedding ({self.embedding}) must be a multiple of heads")
        check_window(self.attention_window, self.heads, self.causal)
        return self


@register("encoder_config", "transformer")
class TransformerConfig(BaseModel):
    model_config = ConfigDict(extra="forbid")

    embedding: int = Field(128, ge=1, description="width of a piece's vector")
    hidden: int = Field(128, ge=1, description="width of a layer")
    layers: int = Field(2, ge=1)
    heads: int = Field(4, ge=1)
    feed_forward: int = Field(256, ge=1, description="width inside the feed-forward layer")
    kernel: int = Field(3, ge=1, description="pieces that the feed-forward layer sees; odd")
    positions: int = Field(
        0, ge=0, description="learned positions; later pieces share the last; 0 leaves them out"
    )
    attention_window: int | None = Field(
        None, ge=1, description="pieces of a block; each sees its own and the two beside it"
    )
    causal: bool = Field(False, description="no piece sees a later one; language models need it")
    dropout: float = Field(0.1, ge=0, lt=1)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.kernel % 2 == 0:
            raise ValueError(f"kernel is {self.kernel}; it must be odd")
        if self.hidden % self.heads:
            raise ValueError(f"hidden ({self.hidden}) must be a multiple of heads ({self.heads})")
        check_window(self.attention_window, self.heads, self.causal)
        return self
