"""BERT, and the families whose tensors have its names: MiniLM, ELECTRA, RoBERTa, XLM-R."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from torch import Tensor

from edgetext.core.errors import EdgetextError
from edgetext.huggingface.architectures.architecture import Architecture, joined, linear, norm
from edgetext.huggingface.weights import Weights


class Bert(Architecture):
    """BERT and MiniLM."""

    base = "bert"
    defaults: ClassVar[Mapping[str, Any]] = {
        "hidden_size": 768,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "intermediate_size": 3072,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "max_position_embeddings": 512,
        "type_vocab_size": 2,
        "layer_norm_eps": 1e-12,
        "pad_token_id": 0,
    }
    # Rows of the positions that are before the first piece's.
    offset = 0

    def embedding_width(self) -> int:
        """Give the width of a piece's vector."""
        return self.width

    def positions(self) -> int:
        return super().positions() - self.offset

    @property
    def segments(self) -> int:
        """Give how many kinds of texts the weights have vectors of; 0 where they have none."""
        return self.number("type_vocab_size")

    def encoder(self, pieces: int) -> dict[str, Any]:
        self._check()
        return {
            "type": "bert",
            "embedding": self.embedding_width(),
            "hidden": self.width,
            "layers": self.number("num_hidden_layers"),
            "heads": self.number("num_attention_heads"),
            "feed_forward": self.number("intermediate_size"),
            "positions": pieces,
            "segments": self.segments > 1,
            "activation": self.activation("hidden_act"),
            "epsilon": float(self.field("layer_norm_eps")),
            "dropout": float(self.field("hidden_dropout_prob")),
        }

    def _check(self) -> None:
        kind = self.config.get("position_embedding_type") or "absolute"
        if kind != "absolute":
            raise EdgetextError(
                f"{self.source}: position_embedding_type is {kind!r}; only absolute positions are "
                "imported"
            )
        for name in ("is_decoder", "add_cross_attention"):
            if self.config.get(name):
                raise EdgetextError(f"{self.source}: {name} is set; only encoders are imported")

    def take(self, weights: Weights, pieces: int, vocabulary: int) -> dict[str, Tensor]:
        base = weights.prefix(f"{self.base}.", "")
        narrow, width = self.embedding_width(), self.width
        table = f"{base}embeddings."
        weights.drop([f"{table}position_ids", f"{table}token_type_ids"])
        places = weights.take(f"{table}position_embeddings.weight")
        last = self.offset + pieces
        if places.dim() != 2 or places.shape[0] < last or places.shape[1] != narrow:
            raise EdgetextError(
                f"{self.source}: the positions are of {' x '.join(map(str, places.shape))}, and "
                f"config.json calls for {self.field('max_position_embeddings')} x {narrow}"
            )
        places = places[self.offset : last].clone()
        if self.segments:
            kinds = weights.take(f"{table}token_type_embeddings.weight", self.segments, narrow)
            places += kinds[0]
        tensors = {
            "embedding.weight": self.rows(
                weights, f"{table}word_embeddings.weight", vocabulary, narrow
            ),
            "encoder.positions.weight": places,
            **norm(weights, f"{table}LayerNorm", "encoder.embedding_norm", narrow),
        }
        if self.segments > 1:
            tensors["encoder.segment"] = kinds[1] - kinds[0]
        if narrow != width:
            name = f"{base}embeddings_project"
            tensors |= linear(weights, name, "encoder.projection", width, narrow)
        for i in range(self.number("num_hidden_layers")):
            tensors |= self._layer(weights, f"{base}encoder.layer.{i}.", f"encoder.layers.{i}.")
        return tensors

    def _layer(self, weights: Weights, name: str, to: str) -> dict[str, Tensor]:
        width, inner = self.width, self.number("intermediate_size")
        return {
            **self._attention(weights, name, to),
            **linear(weights, f"{name}intermediate.dense", f"{to}widen", inner, width),
            **linear(weights, f"{name}output.dense", f"{to}narrow", width, inner),
            **norm(weights, f"{name}output.LayerNorm", f"{to}norm", width),
        }

    def _attention(self, weights: Weights, name: str, to: str) -> dict[str, Tensor]:
        own, width = f"{name}attention.self.", self.width
        qkv = (f"{own}query", f"{own}key", f"{own}value")
        after = f"{name}attention.output."
        return {
            **joined(weights, qkv, f"{to}attention.qkv", width),
            **linear(weights, f"{after}dense", f"{to}attention.output", width, width),
            **norm(weights, f"{after}LayerNorm", f"{to}attention_norm", width),
        }

    def sequence_head(self) -> dict[str, Any]:
        return {"dense": True, "dense_activation": "tanh"}

    def take_sequence_head(self, weights: Weights, labels: int) -> dict[str, Tensor]:
        return self.take_dense_head(weights, f"{self.base}.pooler.dense", "classifier", labels)


class Roberta(Bert):
    """RoBERTa and XLM-R, whose first piece has the place after the padding's."""

    base = "roberta"
    defaults: ClassVar[Mapping[str, Any]] = {
        **Bert.defaults,
        "pad_token_id": 1,
    }

    @property
    def offset(self) -> int:  # type: ignore[override]
        """Give how many rows come before that of the first piece."""
        return int(self.field("pad_token_id")) + 1

    def take_sequence_head(self, weights: Weights, labels: int) -> dict[str, Tensor]:
        return self.take_dense_head(weights, "classifier.dense", "classifier.out_proj", labels)


class Electra(Bert):
    """ELECTRA, whose piece vectors may be narrower than its layers."""

    base = "electra"
    defaults: ClassVar[Mapping[str, Any]] = {
        **Bert.defaults,
        "hidden_size": 256,
        "num_attention_heads": 4,
        "intermediate_size": 1024,
        "embedding_size": 128,
    }

    def embedding_width(self) -> int:
        return self.number("embedding_size")

    def sequence_head(self) -> dict[str, Any]:
        return {"dense": True, "dense_activation": "gelu"}

    def take_sequence_head(self, weights: Weights, labels: int) -> dict[str, Tensor]:
        return self.take_dense_head(weights, "classifier.dense", "classifier.out_proj", labels)
