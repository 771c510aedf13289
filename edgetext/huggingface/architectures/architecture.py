"""What every family of encoders says."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor

from edgetext.core.errors import EdgetextError
from edgetext.huggingface.weights import Weights

# The names that transformers gives activations, as edgetext's encoders call them.
_ACTIVATIONS = {
    "gelu": "gelu",
    "gelu_new": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
    "gelu_fast": "gelu_tanh",
    "relu": "relu",
    "silu": "silu",
    "swish": "silu",
    "tanh": "tanh",
}


class Architecture(ABC):
    """One family. base: what stands before the encoder's tensors in a model with a head. defaults:
    of the fields that a config.json may leave out.

    pooler, sequence_head, token_head: how the classes with a head differ; see heads.
    """

    base: ClassVar[str]
    defaults: ClassVar[Mapping[str, Any]]

    def __init__(self, config: Mapping[str, Any], source: str) -> None:
        self.config = config
        self.source = source

    def field(self, name: str) -> Any:
        """Give a field of config.json, or its default; EdgetextError where it has neither."""
        value = self.config.get(name)
        if value is None:
            value = self.defaults.get(name)
        if value is None:
            raise EdgetextError(f"{self.source}: {name} is missing in config.json")
        return value

    def number(self, name: str) -> int:
        """Give a whole number above 0; EdgetextError where it is none."""
        value = self.field(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise EdgetextError(f"{self.source}: {name} is {value!r}; it must be a number above 0")
        return value

    def activation(self, name: str) -> str:
        """Give an activation as edgetext calls it; EdgetextError for one that it lacks."""
        value = self.field(name)
        if value not in _ACTIVATIONS:
            raise EdgetextError(
                f"{self.source}: {name} is {value!r}, and only {', '.join(_ACTIVATIONS)} are known"
            )
        return _ACTIVATIONS[value]

    def positions(self) -> int:
        """Give how many pieces it reads at most."""
        return self.number("max_position_embeddings")

    @property
    def width(self) -> int:
        """Give the width of its output."""
        return self.number("hidden_size")

    @abstractmethod
    def encoder(self, pieces: int) -> dict[str, Any]:
        """Give the section `encoder` of a recipe. pieces: how many are read at most."""

    @abstractmethod
    def take(self, weights: Weights, pieces: int, vocabulary: int) -> dict[str, Tensor]:
        """Take the encoder's tensors: "embedding.weight", "encoder...".

        vocabulary: how many rows of the embedding the tokenizer uses.
        """

    @abstractmethod
    def sequence_head(self) -> dict[str, Any]:
        """Give the fields of the head that the class for sequence classification has."""

    @abstractmethod
    def take_sequence_head(self, weights: Weights, labels: int) -> dict[str, Tensor]:
        """Take that head's tensors: "head.intent.weight", ..."""

    def take_dense_head(
        self, weights: Weights, dense: str, last: str, labels: int
    ) -> dict[str, Tensor]:
        """Take a head of two Linears, by their names."""
        return {
            **linear(weights, dense, "head.transform.dense", self.width, self.width),
            **linear(weights, last, "head.intent", labels, self.width),
        }

    def token_head(self) -> dict[str, Any]:
        """Give the fields of the head of the classes for tokens and for answers."""
        return {"dense": False}

    def take_token_head(self, weights: Weights, name: str, outputs: int) -> dict[str, Tensor]:
        """Take that head's tensors: "head.tags.weight", ... name: of its last layer."""
        return linear(weights, name, "head.scores", outputs, self.width)

    def drop_pooler(self, weights: Weights) -> None:
        """Leave out what is there of a pooler that the class of the model does not use."""
        weights.drop(
            f"{base}pooler.dense.{kind}"
            for base in (f"{self.base}.", "")
            for kind in ("weight", "bias")
        )

    def rows(self, weights: Weights, name: str, vocabulary: int, width: int) -> Tensor:
        """Take the table of piece vectors, without rows that the tokenizer has no piece for."""
        table = weights.take(name)
        if table.dim() != 2 or table.shape[1] != width or table.shape[0] < vocabulary:
            shape = " x ".join(map(str, table.shape))
            raise EdgetextError(
                f"{self.source}: the vocabulary has {vocabulary:,} pieces, and the table {name} is "
                f"of {shape}; give the tokenizer that the weights were trained with"
            )
        return table[:vocabulary].clone()


def linear(
    weights: Weights, name: str, to: str, outputs: int, inputs: int, bias: bool = True
) -> dict[str, Tensor]:
    """Take a Linear under another name."""
    tensors = {f"{to}.weight": weights.take(f"{name}.weight", outputs, inputs)}
    if bias:
        tensors[f"{to}.bias"] = weights.take(f"{name}.bias", outputs)
    return tensors


def norm(weights: Weights, name: str, to: str, width: int, bias: bool = True) -> dict[str, Tensor]:
    """Take a layer norm under another name; old files call its tensors gamma and beta."""
    old = weights.has(f"{name}.gamma")
    tensors = {f"{to}.weight": weights.take(f"{name}.{'gamma' if old else 'weight'}", width)}
    if bias:
        tensors[f"{to}.bias"] = weights.take(f"{name}.{'beta' if old else 'bias'}", width)
    return tensors


def joined(weights: Weights, names: tuple[str, str, str], to: str, width: int) -> dict[str, Tensor]:
    """Take queries', keys' and values' Linears as one."""
    parts = [linear(weights, name, "x", width, width) for name in names]
    return {
        f"{to}.{kind}": torch.cat([part[f"x.{kind}"] for part in parts])
        for kind in ("weight", "bias")
    }
