"""DistilBERT: BERT's layers under names of its own, without segments and pooler."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from torch import Tensor

from edgetext.huggingface.architectures.architecture import Architecture, joined, linear, norm
from edgetext.huggingface.weights import Weights

EPSILON = 1e-12


class DistilBert(Architecture):
    """Its fields have names of their own, too."""

    base = "distilbert"
    defaults: ClassVar[Mapping[str, Any]] = {
        "dim": 768,
        "n_layers": 6,
        "n_heads": 12,
        "hidden_dim": 3072,
        "activation": "gelu",
        "dropout": 0.1,
        "max_position_embeddings": 512,
    }

    @property
    def width(self) -> int:
        return self.number("dim")

    def encoder(self, pieces: int) -> dict[str, Any]:
        return {
            "type": "bert",
            "embedding": self.width,
            "hidden": self.width,
            "layers": self.number("n_layers"),
            "heads": self.number("n_heads"),
            "feed_forward": self.number("hidden_dim"),
            "positions": pieces,
            "segments": False,
            "activation": self.activation("activation"),
            "epsilon": EPSILON,
            "dropout": float(self.field("dropout")),
        }

    def take(self, weights: Weights, pieces: int, vocabulary: int) -> dict[str, Tensor]:
        base, width = weights.prefix(f"{self.base}.", ""), self.width
        table = f"{base}embeddings."
        weights.drop([f"{table}position_ids"])
        places = weights.take(f"{table}position_embeddings.weight", self.positions(), width)
        tensors = {
            "embedding.weight": self.rows(
                weights, f"{table}word_embeddings.weight", vocabulary, width
            ),
            "encoder.positions.weight": places[:pieces].clone(),
            **norm(weights, f"{table}LayerNorm", "encoder.embedding_norm", width),
        }
        for i in range(self.number("n_layers")):
            layer = f"{base}transformer.layer.{i}."
            tensors |= self._layer(weights, layer, f"encoder.layers.{i}.")
        return tensors

    def _layer(self, weights: Weights, name: str, to: str) -> dict[str, Tensor]:
        width, inner = self.width, self.number("hidden_dim")
        own = f"{name}attention."
        qkv = (f"{own}q_lin", f"{own}k_lin", f"{own}v_lin")
        return {
            **joined(weights, qkv, f"{to}attention.qkv", width),
            **linear(weights, f"{own}out_lin", f"{to}attention.output", width, width),
            **norm(weights, f"{name}sa_layer_norm", f"{to}attention_norm", width),
            **linear(weights, f"{name}ffn.lin1", f"{to}widen", inner, width),
            **linear(weights, f"{name}ffn.lin2", f"{to}narrow", width, inner),
            **norm(weights, f"{name}output_layer_norm", f"{to}norm", width),
        }

    def sequence_head(self) -> dict[str, Any]:
        return {"dense": True, "dense_activation": "relu"}

    def take_sequence_head(self, weights: Weights, labels: int) -> dict[str, Tensor]:
        return self.take_dense_head(weights, "pre_classifier", "classifier", labels)
