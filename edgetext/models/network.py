"""The network: embedding, encoder, head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor, nn

from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.registry import lookup


class Network(nn.Module):
    """ids int64[B, T] -> the head's scores by name, as {"intent": float[B, C]}.

    `dimension` is D, the width of the encoder's output. A head with `tied = True` is called with
    the embedding as a third argument.
    """

    def __init__(
        self, embedding: nn.Module, encoder: nn.Module, head: nn.Module, dimension: int
    ) -> None:
        super().__init__()
        self.dimension = dimension
        self.embedding = embedding
        self.encoder = encoder
        self.head = head
        self.tied = bool(getattr(head, "tied", False))

    def forward(
        self, ids: Tensor, mask: Tensor | None = None, *, hidden: bool = False
    ) -> dict[str, Tensor]:
        """`mask` bool[B, T] is True at real pieces; None means that there is no padding.

        With `hidden` the answer also holds "hidden" float[B, T, D], the encoder's output.
        """
        states = self.encoder(self.embedding(ids), mask)
        scores = self.head(states, mask, *((self.embedding,) if self.tied else ()))
        return {**scores, "hidden": states} if hidden else scores

    def settle(self) -> dict[str, Any]:
        """Fold away what only training needed; the fields of the encoder's config that it changes.

        An encoder that has such a thing has a method `settle` that does so.
        """
        encoder: Any = self.encoder
        return encoder.settle() if hasattr(encoder, "settle") else {}


def build_network(
    model: Mapping[str, Any], vocabulary_size: int, labels: Mapping[str, Sequence[str]]
) -> Network:
    """A fresh network from a resolved recipe (a checkpoint's header keeps one).

    Only its sections `encoder` and `head` are read. A head that needs another kind of network names
    it as `network`.
    """
    encoder = _build("encoder", model["encoder"])
    embedding = TokenEmbedding(vocabulary_size, encoder.config.embedding)
    head = _build("head", model["head"], encoder.output_dimension, labels)
    if getattr(head, "tied", False):
        head.tie(vocabulary_size, encoder.config.embedding)
    kind: type[Network] = getattr(head, "network", Network)
    return kind(embedding, encoder, head, encoder.output_dimension)


def _build(kind: str, section: Mapping[str, Any], *arguments: Any) -> Any:
    fields = dict(section)
    component = lookup(kind, fields.pop("type"))
    config = component.Config(**fields)  # type: ignore[attr-defined]
    built = component(config, *arguments)
    built.config = config
    return built
