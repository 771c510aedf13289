"""ModernBERT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from torch import Tensor

from edgetext.core.errors import EdgetextError
from edgetext.huggingface.architectures.architecture import Architecture, linear, norm
from edgetext.huggingface.weights import Weights

_FULL, _LOCAL = "full_attention", "sliding_attention"


class ModernBert(Architecture):
    """Its heads have a layer and a norm before the last Linear."""

    base = "model"
    defaults: ClassVar[Mapping[str, Any]] = {
        "hidden_size": 768,
        "num_hidden_layers": 22,
        "num_attention_heads": 12,
        "intermediate_size": 1152,
        "hidden_activation": "gelu",
        "max_position_embeddings": 8192,
        "norm_eps": 1e-5,
        "local_attention": 128,
        "global_attn_every_n_layers": 3,
        "global_rope_theta": 160_000.0,
        "local_rope_theta": 10_000.0,
        "classifier_pooling": "cls",
        "classifier_activation": "gelu",
    }

    def encoder(self, pieces: int) -> dict[str, Any]:
        kinds = self._kinds()
        bases = {kind: self._base(kind) for kind in (_FULL, _LOCAL)}
        local = self.number("local_attention") // 2
        return {
            "type": "modernbert",
            "embedding": self.width,
            "layers": len(kinds),
            "heads": self.number("num_attention_heads"),
            "feed_forward": self.number("intermediate_size"),
            "positions": pieces,
            "windows": [local if kind == _LOCAL else 0 for kind in kinds],
            "bases": [bases[kind] for kind in kinds],
            "activation": self.activation("hidden_activation"),
            "bias": self._has("mlp_bias"),
            "attention_bias": self._has("attention_bias"),
            "norm_bias": self._has("norm_bias"),
            "epsilon": float(self.field("norm_eps")),
        }

    def _has(self, name: str) -> bool:
        return bool(self.config.get(name, False))

    def _kinds(self) -> list[str]:
        """The kind of attention of each layer."""
        kinds = self.config.get("layer_types")
        if kinds is None:
            every = self.number("global_attn_every_n_layers")
            layers = range(self.number("num_hidden_layers"))
            kinds = [_LOCAL if i % every else _FULL for i in layers]
        unknown = next((kind for kind in kinds if kind not in (_FULL, _LOCAL)), None)
        if unknown is not None:
            raise EdgetextError(
                f"{self.source}: layer_types has {unknown!r}; only {_FULL} and {_LOCAL} are known"
            )
        return list(kinds)

    def _base(self, kind: str) -> float:
        """The base of a kind's rotations, as new files and as old ones give it."""
        parameters = (self.config.get("rope_parameters") or {}).get(kind) or {}
        rotation = parameters.get("rope_type", "default")
        if rotation != "default" or self.config.get("rope_scaling"):
            raise EdgetextError(
                f"{self.source}: its positions are rotated by the rule {rotation!r}; only the "
                "default one is imported"
            )
        old = "global_rope_theta" if kind == _FULL else "local_rope_theta"
        return float(parameters.get("rope_theta") or self.field(old))

    def take(self, weights: Weights, pieces: int, vocabulary: int) -> dict[str, Tensor]:
        base, width = weights.prefix(f"{self.base}.", ""), self.width
        bias = self._has("norm_bias")
        table = f"{base}embeddings."
        tensors = {
            "embedding.weight": self.rows(
                weights, f"{table}tok_embeddings.weight", vocabulary, width
            ),
            **norm(weights, f"{table}norm", "encoder.embedding_norm", width, bias),
            **norm(weights, f"{base}final_norm", "encoder.norm", width, bias),
        }
        for i in range(len(self._kinds())):
            tensors |= self._layer(weights, f"{base}layers.{i}.", f"encoder.layers.{i}.", i)
        return tensors

    def _layer(self, weights: Weights, name: str, to: str, number: int) -> dict[str, Tensor]:
        width, inner = self.width, self.number("intermediate_size")
        biases = [self._has(f"{kind}_bias") for kind in ("attention", "mlp", "norm")]
        attention, mlp, norms = biases
        tensors = {
            **linear(
                weights, f"{name}attn.Wqkv", f"{to}attention.qkv", 3 * width, width, attention
            ),
            **linear(weights, f"{name}attn.Wo", f"{to}attention.output", width, width, attention),
            **norm(weights, f"{name}mlp_norm", f"{to}norm", width, norms),
            **linear(weights, f"{name}mlp.Wi", f"{to}widen", 2 * inner, width, mlp),
            **linear(weights, f"{name}mlp.Wo", f"{to}narrow", width, inner, mlp),
        }
        if number:
            tensors |= norm(weights, f"{name}attn_norm", f"{to}attention_norm", width, norms)
        return tensors

    def token_head(self) -> dict[str, Any]:
        return {
            "dense": True,
            "dense_bias": self._has("classifier_bias"),
            "dense_activation": self.activation("classifier_activation"),
            "dense_norm": True,
            "norm_bias": self._has("norm_bias"),
            "epsilon": float(self.field("norm_eps")),
        }

    def take_token_head(self, weights: Weights, name: str, outputs: int) -> dict[str, Tensor]:
        tensors = linear(weights, "classifier", "head.scores", outputs, self.width)
        return {**tensors, **self._transform(weights)}

    def sequence_head(self) -> dict[str, Any]:
        pooling = {"cls": "first", "mean": "mean"}.get(self.field("classifier_pooling"))
        if pooling is None:
            raise EdgetextError(f"{self.source}: classifier_pooling must be cls or mean")
        return {"pooling": pooling, **self.token_head()}

    def take_sequence_head(self, weights: Weights, labels: int) -> dict[str, Tensor]:
        tensors = linear(weights, "classifier", "head.intent", labels, self.width)
        return {**tensors, **self._transform(weights)}

    def _transform(self, weights: Weights) -> dict[str, Tensor]:
        width, bias = self.width, self._has("classifier_bias")
        return {
            **linear(weights, "head.dense", "head.transform.dense", width, width, bias),
            **norm(weights, "head.norm", "head.transform.norm", width, self._has("norm_bias")),
        }
