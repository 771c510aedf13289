"""The network: embedding, encoder, head; and what the two may say of themselves.

Any module that is called as models.encoders and models.heads say will do. One with more to say
derives from a class below.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from edgetext.models.layers.added_rows import FEWER, sums_of_text, sums_of_words
from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.models.layers.paired_rows import pairs_of_text, pairs_of_words
from edgetext.registry import lookup
from edgetext.text.hashed.grams import Grams
from edgetext.text.hashed.lexicon import Lexicon, lexicon_of
from edgetext.text.hashed.pairs import WordPairs


class Network(nn.Module):
    """ids int64[B, T] -> the head's scores by name, as {"intent": float[B, C]}.

    `dimension` is D, the width of the encoder's output. A TiedHead is called with the embedding as
    a third argument.
    """

    def __init__(
        self, embedding: nn.Module, encoder: nn.Module, head: nn.Module, dimension: int
    ) -> None:
        super().__init__()
        self.dimension = dimension
        self.embedding = embedding
        self.encoder = encoder
        self.head = head
        self.tied = isinstance(head, TiedHead)

    def forward(
        self, ids: Tensor, mask: Tensor | None = None, *, hidden: bool = False
    ) -> dict[str, Tensor]:
        """`mask` bool[B, T] is True at real pieces; None means that there is no padding.

        With `hidden` the answer also holds "hidden" float[B, T, D], the encoder's output.
        """
        states = self.encoder(self.vectors(ids), mask)
        scores = self.head(states, mask, *((self.embedding,) if self.tied else ()))
        return {**scores, "hidden": states} if hidden else scores

    def vectors(self, ids: Any) -> Tensor:
        """float[B, T, E]: what the encoder reads."""
        rows: Tensor = self.embedding(ids)
        return rows

    def fuse(self) -> dict[str, Any]:
        """Fold away what only training needed; give the fields of the encoder's config that this
        changes."""
        return self.encoder.fuse() if isinstance(self.encoder, FusibleEncoder) else {}


class HashedNetwork(Network):
    """A network of hashed words, whose vectors are sums of the rows that their n-grams have, and
    with `pairs` of the row of the word and the one before it.

    forward(ids): numbers of the lexicon's words int64[B, T], or the HashedPieces of one text. The
    embedding has a row a bucket; that of number 0 stays zero. by_place: see sums_of_text.
    """

    by_place = False

    def __init__(self, network: Network, lexicon: Lexicon, pairs: WordPairs | None = None) -> None:
        super().__init__(network.embedding, network.encoder, network.head, network.dimension)
        self.lexicon = lexicon
        self.pairs = pairs
        weight: Any = self.embedding.weight
        with torch.no_grad():
            weight.mul_(FEWER)[0] = 0

    def vectors(self, ids: Any) -> Tensor:
        rows, lexicon = self.embedding, self.lexicon
        if not isinstance(ids, Tensor):
            sums = sums_of_text(rows, lexicon.lengths, *ids, by_place=self.by_place)
            paired = self.paired(*ids)
            return sums if paired is None else sums + rows(paired)
        sums = sums_of_words(rows, lexicon, ids)
        if self.pairs is None:
            return sums
        paired = pairs_of_words(self.pairs, lexicon, ids)
        # The row of number 0 must learn nothing: a text's graph adds it wherever no n-gram ends.
        return sums + rows(paired) * (paired > 0).unsqueeze(2)

    def paired(
        self, numbers: Tensor, edges: Tensor, is_mark: Tensor | None = None
    ) -> Tensor | None:
        """Give the rows of a text's pairs of words, int64[1, 1 + W], as `pairs_of_text` does; None
        where none have any."""
        if self.pairs is None:
            return None
        lengths, by_place = self.lexicon.lengths, self.by_place
        return pairs_of_text(
            self.pairs, lengths, numbers, edges, by_place=by_place, is_mark=is_mark
        )


class FusibleEncoder(nn.Module, ABC):
    """An encoder that holds something that only training needs."""

    @abstractmethod
    def fuse(self) -> dict[str, Any]:
        """Fold it into the layers; give the fields of the config that change."""


class Head(nn.Module):
    """A head that needs another kind of network, or is read and answered in a way of its own.

    outputs: those of its files but `truncated`, () for its task's.
    """

    network: ClassVar[type[Network]] = Network
    outputs: ClassVar[Sequence[str]] = ()

    def first_stage(
        self, vocabulary: Any, max_bytes: int, *, for_executorch: bool
    ) -> nn.Module | None:
        """Make the module from bytes to what the second stage takes; None for its learner's, as
        tasks.reading.Reading makes it."""
        return None

    def second_stage(self, network: Network, decoder: Callable[[], Any]) -> Any | None:
        """Make the module from there to the outputs; None for its learner's.

        decoder: makes its own decoder, or its learner's where it has none.
        """
        return None

    def decoder(self) -> nn.Module | None:
        """Make its decoder; None for its learner's."""
        return None

    def words(self, encoding: Any) -> tuple[Tensor, ...] | None:
        """Give what its decoder takes beside the scores of one text, by its Encoding; None for what
        every decoder of words takes."""
        return None


class TiedHead(Head, ABC):
    """A head whose output matrix is the embedding's table."""

    @abstractmethod
    def tie(self, size: int, dimension: int) -> None:
        """Make what depends on the embedding: `size` rows of `dimension` values."""


def build_network(
    model: Mapping[str, Any], vocabulary_size: int, labels: Mapping[str, Sequence[str]]
) -> Network:
    """A fresh network from a resolved recipe (a checkpoint's header keeps one).

    Of its sections `encoder`, `head` and, for words that are hashed, `text` are read.
    """
    encoder = _build("encoder", model["encoder"])
    hashed = model.get("text", {}).get("hashed")
    embedding = TokenEmbedding(vocabulary_size, encoder.config.embedding, added=hashed is not None)
    head = _build("head", model["head"], encoder.output_dimension, labels)
    if isinstance(head, TiedHead):
        head.tie(vocabulary_size, encoder.config.embedding)
    kind = head.network if isinstance(head, Head) else Network
    network = kind(embedding, encoder, head, encoder.output_dimension)
    if hashed is None:
        return network
    assert kind is Network
    grams = Grams.of({**hashed, "lowercase": model["text"]["lowercase"]})
    pairs = WordPairs(grams.buckets) if hashed.get("pairs") else None
    return HashedNetwork(network, lexicon_of(grams), pairs)


def _build(kind: str, section: Mapping[str, Any], *arguments: Any) -> Any:
    fields = dict(section)
    component = lookup(kind, fields.pop("type"))
    config = component.Config(**fields)  # type: ignore[attr-defined]
    built = component(config, *arguments)
    built.config = config
    return built
