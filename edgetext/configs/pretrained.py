"""Configs of encoders and heads of published weights, and of an encoder that a folder describes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from edgetext.registry import register

# The type of the encoder that a folder of Hugging Face describes.
PRETRAINED = "pretrained"

ActivationName = Literal["gelu", "gelu_tanh", "relu", "silu", "tanh", "none"]
Aggregation = Literal["simple", "first", "average", "max"]
PoolingName = Literal["first", "mean", "maximum", "root"]


@register("encoder_config", PRETRAINED)
class FolderConfig(BaseModel):
    """Fields of an encoder that a folder describes.

    default_heads: what answers a task where the recipe names no head, and its task's own head would
    read the ids of edgetext's vocabularies alone.
    """

    default_heads: ClassVar[Mapping[str, str]] = {
        "match": "pretrained_match",
        "qa": "pretrained_qa",
    }

    model_config = ConfigDict(extra="forbid")

    path: str = Field(description="folder with config.json, model.safetensors, tokenizer.json")
    max_pieces: int | None = Field(
        None, ge=8, description="pieces of a text that are read; null = as the folder says"
    )


@register("encoder_config", "bert")
class BertConfig(BaseModel):
    """The shape of the published weights."""

    model_config = ConfigDict(extra="forbid")

    embedding: int = Field(384, ge=1, description="width of a piece's vector")
    hidden: int = Field(384, ge=1, description="width of a layer")
    layers: int = Field(6, ge=1)
    heads: int = Field(12, ge=1)
    head_width: int | None = Field(
        None, ge=1, description="of a head's queries, keys and values; by default hidden / heads"
    )
    feed_forward: int = Field(1536, ge=1, description="width inside the feed-forward layer")
    positions: int = Field(512, ge=1, description="pieces that it reads at most")
    segments: bool = Field(True, description="whether the second text of a pair is marked")
    # Left out where there are none, so that checkpoints are as they were before it came.
    distance_buckets: int = Field(
        0,
        ge=0,
        multiple_of=4,
        exclude_if=lambda value: value == 0,
        description="kinds of distances between two pieces that have a score a head; 0 for none",
    )
    activation: ActivationName = "gelu"
    epsilon: float = Field(1e-12, gt=0, description="of the layer norms")
    dropout: float = Field(0.1, ge=0, lt=1)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.head_width is None:
            if self.hidden % self.heads:
                raise ValueError(
                    f"hidden ({self.hidden}) must be a multiple of heads ({self.heads})"
                )
            self.head_width = self.hidden // self.heads
        return self


@register("encoder_config", "modernbert")
class ModernBertConfig(BaseModel):
    """The shape of the published weights."""

    model_config = ConfigDict(extra="forbid")

    embedding: int = Field(768, ge=1, description="width of a piece's vector, and of a layer")
    layers: int = Field(22, ge=1)
    heads: int = Field(12, ge=1)
    feed_forward: int = Field(1152, ge=1, description="width inside the feed-forward layer")
    positions: int = Field(8192, ge=1, description="pieces that it reads at most")
    windows: list[int] = Field(
        default_factory=list,
        description="of each layer, how many pieces before and after one it sees; 0 = all",
    )
    bases: list[float] = Field(
        default_factory=list, description="of each layer, the base of its rotations"
    )
    activation: ActivationName = "gelu"
    bias: bool = Field(False, description="of the feed-forward layers")
    attention_bias: bool = False
    norm_bias: bool = False
    epsilon: float = Field(1e-5, gt=0, description="of the layer norms")
    dropout: float = Field(0.0, ge=0, lt=1)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.embedding % self.heads:
            raise ValueError(
                f"embedding ({self.embedding}) must be a multiple of heads ({self.heads})"
            )
        for name in ("windows", "bases"):
            if len(getattr(self, name)) != self.layers:
                raise ValueError(f"{name} must have a value for each of the {self.layers} layers")
        return self


class TransformConfig(BaseModel):
    """Fields of a head whose weights have a layer before the last one."""

    model_config = ConfigDict(extra="forbid")

    dense: bool = Field(True, description="whether a layer stands before the last one")
    dense_bias: bool = True
    dense_activation: ActivationName = "tanh"
    dense_norm: bool = Field(False, description="whether a layer norm follows it")
    norm_bias: bool = True
    epsilon: float = Field(1e-12, gt=0, description="of the layer norm")
    dropout: float = Field(0.1, ge=0, lt=1)


class JoinedConfig(BaseModel):
    """How two texts are joined."""

    model_config = ConfigDict(extra="forbid")

    end: int = Field(102, ge=0, description="id of the piece that ends a text")


@register("head_config", "pretrained_classify")
@register("head_config", "pretrained_multi_label")
class LabelConfig(TransformConfig):
    """Fields of heads of labels."""

    pooling: PoolingName = "first"


@register("head_config", "pretrained_match")
class PairConfig(LabelConfig, JoinedConfig):
    """Fields of heads of labels of pairs."""

    single: bool = Field(
        False, description="whether the weights have one score, for the second of two labels"
    )
    # Left out where nothing was chosen, so that checkpoints are as they were before it came.
    order: int = Field(
        0,
        ge=0,
        exclude_if=lambda value: value == 0,
        description="width of a layer that reads how many pieces stand in another order in the "
        "other text; 0 for none",
    )


@register("head_config", "pretrained_tag")
class TagConfig(TransformConfig):
    """Fields of a head of tags."""

    aggregation: Aggregation = Field(
        "simple", description="how the pieces of a word agree on a tag; see models.decoders.pieces"
    )
    by_space: bool = Field(
        False, description="whether words are what stands between spaces, not the tokenizer's"
    )


@register("head_config", "pretrained_qa")
class AnswerConfig(TransformConfig, JoinedConfig):
    """Fields of a head of answers."""

    # Left out where nothing was chosen, so that checkpoints are as they were before it came.
    by_words: bool = Field(
        False,
        exclude_if=lambda value: value is False,
        description="whether an answer begins and ends at the first pieces of words, as a recipe "
        "trains it; published weights have it at any piece",
    )


@register("head_config", "pretrained_embed")
class EmbedConfig(BaseModel):
    """Fields of a head of vectors."""

    model_config = ConfigDict(extra="forbid")

    pooling: list[PoolingName] = Field(["mean"])
    dense: list[int] = Field(default_factory=list, description="widths of the layers behind it")
    biases: list[bool] = Field(default_factory=list)
    activations: list[ActivationName] = Field(default_factory=list)
    dimension: int | None = Field(
        None, ge=1, description="how many of the values are kept; null = all"
    )
