"""What the rest of edgetext asks of whatever cuts texts, of words that are hashed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from edgetext.text.encoding import Encoding
from edgetext.text.hashed.byte_rules import SPACE, begins_and_ends
from edgetext.text.hashed.folding import Folding
from edgetext.text.hashed.grams import Grams
from edgetext.text.hashed.lexicon import lexicon_of
from edgetext.text.vocabulary import CLS, PAD, UNK

if TYPE_CHECKING:
    from edgetext.text.hashed.graph import HashedGraph

# What the header of a checkpoint says of it.
TYPE = "hashed"


class HashedWords:
    """A text.tokenization.Tokenization without pieces: a word is the sum of its n-grams' rows.

    `encode` gives words the numbers of a lexicon, by which a network trains, and `graph` the
    n-grams themselves.
    """

    pad = PAD
    unknown = UNK
    special_ids = (CLS,)
    cuts_whole = False
    filler = SPACE

    def __init__(
        self, grams: Grams, folding: Folding | None = None, *, pairs: bool = False
    ) -> None:
        """folding: how look-alikes are read; None where they are what they are. pairs: whether a
        network also has a row for each word and the one before it."""
        self.grams = grams
        self.folding = folding
        self.pairs = pairs
        self.lexicon = lexicon_of(grams)

    @property
    def pieces(self) -> Sequence[str]:
        """Name the buckets, which stand in the place of pieces."""
        return buckets(self.grams.buckets)

    def __len__(self) -> int:
        return self.grams.buckets

    def published(self) -> dict[str, Any]:
        """Give nothing: what a file says of it is its number of buckets."""
        return {}

    def encode(self, text: str) -> Encoding:
        """Cut one text into words, [CLS] before them."""
        prefix = self.grams.prefix
        origin = None
        if self.folding is None:
            content = text.encode("utf-8", "replace")
        else:
            content, origin = self.folding(text)
        data = np.array([*prefix, *content, *self.grams.suffix])
        begins, ends = map(np.flatnonzero, begins_and_ends(data))
        numbers = self.grams.numbers(data)
        words = [numbers[:, begin : end + 1] for begin, end in zip(begins, ends, strict=True)]
        ids = np.array([CLS, *(self.lexicon.number(word.reshape(-1)) for word in words[1:])])
        first = np.ones(len(ids), bool)
        first[0] = False
        edges = np.stack([begins, ends]) - len(prefix)
        edges[:, 0] = 0
        if origin is not None:
            edges = origin[edges]
            edges[:, 0] = 0
        return Encoding(ids, first, *edges.astype(np.int32))

    def graph(self, *, widen: bool = True, max_bytes: int | None = None) -> HashedGraph:
        """Compile it: see text.hashed.graph."""
        if self.folding is not None:
            from edgetext.text.hashed.folding_graph import FoldedGraph

            return FoldedGraph(self.grams, self.folding, for_executorch=not widen)
        from edgetext.text.hashed.graph import HashedGraph

        return HashedGraph(self.grams, for_executorch=not widen)

    def to_header(self) -> dict[str, Any]:
        """Give the JSON object of a checkpoint."""
        folding = {} if self.folding is None else self.folding.to_header()
        # Left out where there are none, so that checkpoints are as they were before these came.
        pairs = {"pairs": True} if self.pairs else {}
        return {"type": TYPE, **self.grams.to_header(), **pairs, **folding}

    @classmethod
    def from_header(cls, header: Mapping[str, Any]) -> Self:
        """Read what `to_header` gave; KeyError naming a field that is missing."""
        return cls(Grams.of(header), Folding.of(header), pairs=header.get("pairs", False))


def buckets(count: int) -> list[str]:
    """Name so many buckets."""
    return [f"#{number}" for number in range(count)]
