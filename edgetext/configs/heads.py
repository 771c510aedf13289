"""Configs of the heads that a recipe trains from nothing."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from edgetext.registry import register

PoolingName = Literal["attention", "maximum"]


@register("head_config", "bi_encoder")
class BiEncoderConfig(BaseModel):
    """Fields of head bi_encoder."""

    model_config = ConfigDict(extra="forbid")

    dimension: int = Field(64, ge=1, description="width of a text's vector")
    compare: Literal["cosine", "weighted"] = Field(
        "cosine",
        description="by the cosine alone, or by a weight for each dimension of |a-b| and a*b",
    )
    dropout: float = Field(0.1, ge=0, lt=1)
    pooling: PoolingName = Field(
        "attention", description="a weighted mean beside the maximum, or the maximum alone"
    )


@register("head_config", "classify")
@register("head_config", "multi_label")
class ClassifyConfig(BaseModel):
    """Fields of head classify."""

    model_config = ConfigDict(extra="forbid")

    dropout: float = Field(0.1, ge=0, lt=1)
    pooling: PoolingName = Field(
        "attention", description="a weighted mean beside the maximum, or the maximum alone"
    )


@register("head_config", "cross_encoder")
class CrossEncoderConfig(BaseModel):
    """Fields of head cross_encoder."""

    model_config = ConfigDict(extra="forbid")

    hidden: int = Field(128, ge=1, description="width of the comparison of two pieces")
    layers: int = Field(1, ge=1, description="layers over the comparisons")
    kernel: int = Field(3, ge=1, description="comparisons that such a layer sees; odd")
    # Left out where nothing was chosen, so that checkpoints are as they were before it came.
    order: bool = Field(
        False,
        exclude_if=lambda value: value is False,
        description="also look at how much of one text stands in another order in the other",
    )
    dropout: float = Field(0.1, ge=0, lt=1)
    pooling: PoolingName = Field(
        "attention", description="a weighted mean beside the maximum, or the maximum alone"
    )


@register("head_config", "joint")
class JointConfig(BaseModel):
    """Fields of head joint."""

    model_config = ConfigDict(extra="forbid")

    hidden: int = Field(128, ge=1, description="width of the layer before the tags")
    context: bool = Field(False, description="let the tags see the pooled text too")
    dropout: float = Field(0.1, ge=0, lt=1)
    pooling: PoolingName = Field(
        "attention", description="a weighted mean beside the maximum, or the maximum alone"
    )


@register("head_config", "lm")
class NextPieceConfig(BaseModel):
    """Fields of head lm."""

    model_config = ConfigDict(extra="forbid")

    dropout: float = Field(0.1, ge=0, lt=1)
    best: int = Field(8, ge=1, le=50, description="pieces that an answer names, at most")


@register("head_config", "multi")
class MultiConfig(BaseModel):
    """Fields of head multi."""

    model_config = ConfigDict(extra="forbid")

    heads: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="part -> its head with its fields; else the default"
    )


@register("head_config", "parse")
class ParseConfig(BaseModel):
    """Fields of head parse."""

    model_config = ConfigDict(extra="forbid")

    hidden: int = Field(128, ge=1, description="width of the layer before the scores")
    rank: int = Field(64, ge=1, description="width of the vectors of a span's ends")
    dropout: float = Field(0.1, ge=0, lt=1)


@register("head_config", "qa")
class QaConfig(BaseModel):
    """Fields of head qa."""

    model_config = ConfigDict(extra="forbid")

    hidden: int = Field(128, ge=1, description="width of the comparison of two pieces")
    layers: int = Field(2, ge=1, description="layers over the comparisons")
    kernel: int = Field(3, ge=1, description="comparisons that such a layer sees; odd")
    dropout: float = Field(0.1, ge=0, lt=1)


@register("head_config", "summarize")
class SummarizeConfig(BaseModel):
    """Fields of head summarize."""

    model_config = ConfigDict(extra="forbid")

    hidden: int = Field(64, ge=1, description="width of a sentence's vector")
    queries: int = Field(4, ge=1, description="weighted means of a sentence's pieces")
    places: int = Field(16, ge=1, description="places that are told apart, from either end")
    layers: int = Field(1, ge=0, description="in which the sentences see each other")
    heads: int = Field(1, ge=1, description="of a layer's attention")
    dropout: float = Field(0.1, ge=0, lt=1)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.hidden % self.heads:
            raise ValueError(f"hidden ({self.hidden}) must be a multiple of heads")
        return self


@register("head_config", "tag")
class TagConfig(BaseModel):
    """Fields of head tag."""

    model_config = ConfigDict(extra="forbid")

    hidden: int = Field(128, ge=1, description="width of the layer before the tags")
    dropout: float = Field(0.1, ge=0, lt=1)
    # Left out where nothing was chosen, so that checkpoints are as they were before it came.
    outside: float = Field(
        0.0,
        ge=-10,
        le=10,
        exclude_if=lambda value: value == 0,
        description="added to the score of words outside spans once training is over: below 0, "
        "more is found, and more of it is wrong",
    )


@register("head_config", "vector")
class VectorConfig(BaseModel):
    """Fields of head vector."""

    model_config = ConfigDict(extra="forbid")

    dimension: int = Field(128, ge=1, description="width of a text's vector")
    dropout: float = Field(0.0, ge=0, lt=1)
    pooling: PoolingName = Field(
        "attention", description="a weighted mean beside the maximum, or the maximum alone"
    )
