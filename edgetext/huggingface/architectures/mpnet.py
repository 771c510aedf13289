"""MPNet (Song et al. 2020): BERT's layers, and scores of how far two pieces are apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from torch import Tensor

from edgetext.core.errors import EdgetextError
from edgetext.huggingface.architectures.architecture import joined, linear, norm
from edgetext.huggingface.architectures.bert import Bert
from edgetext.huggingface.weights import Weights

# transformers counts distances in so many buckets whatever `relative_attention_num_buckets` says.
BUCKETS = 32


class MPNet(Bert):
    """No kinds of texts are marked, and the first piece has the place after the padding's, which is
    1 whatever config.json says."""

    base = "mpnet"
    offset = 2
    segments = 0
    defaults: ClassVar[Mapping[str, Any]] = {
        **Bert.defaults,
        "relative_attention_num_buckets": BUCKETS,
    }

    def encoder(self, pieces: int) -> dict[str, Any]:
        buckets = self.field("relative_attention_num_buckets")
        if buckets != BUCKETS:
            raise EdgetextError(
                f"{self.source}: relative_attention_num_buckets is {buckets!r}; only {BUCKETS} are "
                "imported, since transformers counts in no others"
            )
        return {**super().encoder(pieces), "distance_buckets": BUCKETS}

    def take(self, weights: Weights, pieces: int, vocabulary: int) -> dict[str, Tensor]:
        name = f"{weights.prefix(f'{self.base}.', '')}encoder.relative_attention_bias.weight"
        scores = weights.take(name, BUCKETS, self.number("num_attention_heads"))
        return {
            **super().take(weights, pieces, vocabulary),
            "encoder.distances.weight": scores,
        }

    def _attention(self, weights: Weights, name: str, to: str) -> dict[str, Tensor]:
        own, width = f"{name}attention.attn.", self.width
        return {
            **joined(weights, (f"{own}q", f"{own}k", f"{own}v"), f"{to}attention.qkv", width),
            **linear(weights, f"{own}o", f"{to}attention.output", width, width),
            **norm(weights, f"{name}attention.LayerNorm", f"{to}attention_norm", width),
        }

    def take_sequence_head(self, weights: Weights, labels: int) -> dict[str, Tensor]:
        return self.take_dense_head(weights, "classifier.dense", "classifier.out_proj", labels)
