"""What cuts texts into pieces, whoever trained it: a Vocabulary of edgetext's own, a tokenizer that
came with an imported model, or a hash of words, which nobody trained."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from torch import nn

from edgetext.core.errors import EdgetextError
from edgetext.text.encoding import Encoding
from edgetext.text.hashed.tokenization import TYPE as HASHED
from edgetext.text.hashed.tokenization import HashedWords, buckets
from edgetext.text.imported.tokenizer import TYPE, ImportedTokenizer
from edgetext.text.vocabulary import Vocabulary


class Tokenization(Protocol):
    """What models, learners, targets and golden examples ask of whatever cuts texts."""

    @property
    def pieces(self) -> Sequence[str]:
        """The pieces in the order of their ids."""

    @property
    def cuts_whole(self) -> bool:
        """Whether a text must be cut between characters, since the graph would make pieces of the
        first bytes of one: see models.pipeline.CutText."""

    @property
    def filler(self) -> int:
        """The byte, or the mark of text.marks, that stands where something was cut off, and is no
        part of any word."""

    @property
    def pad(self) -> int:
        """The id that fills up a batch."""

    @property
    def unknown(self) -> int:
        """The id of a piece that is not known, or of what stands for any."""

    @property
    def special_ids(self) -> Collection[int]:
        """The ids of what stands around a text, and is no piece of it."""

    def published(self) -> dict[str, Any]:
        """Give what a model's files say of it, beside its number of pieces and their hash."""

    def __len__(self) -> int:
        """Count the ids: one more than the highest."""

    def encode(self, text: str) -> Encoding:
        """Cut one text, as `graph` does with its bytes."""

    def graph(self, *, widen: bool = True, max_bytes: int | None = None) -> nn.Module:
        """Compile it: a new module from uint8[1, n], n >= 1, to text.graph.Pieces or what begins
        with the same four, as text.imported.graph.ImportedPieces does.

        widen: see text.narrow.NarrowTables. max_bytes: what no text will be longer than; None where
        that is not known.
        """

    def to_header(self) -> dict[str, Any]:
        """Give the JSON object of a checkpoint, which `read_tokenization` reads."""


def read_tokenization(header: Mapping[str, Any]) -> Tokenization:
    """Read the `vocabulary` of a checkpoint's header, of this release or an older one.

    KeyError naming a field that is missing, EdgetextError where its type is unknown.
    """
    kind = header.get("type")
    if kind is None:
        return Vocabulary.from_header(header)
    if kind == TYPE:
        return ImportedTokenizer.from_header(header)
    if kind == HASHED:
        return HashedWords.from_header(header)
    raise EdgetextError(
        f"the checkpoint's vocabulary has the type {kind!r}, which this edgetext does not know; "
        "install a newer one"
    )


def pieces_of(header: Mapping[str, Any]) -> Sequence[str]:
    """Give the pieces of a checkpoint's `vocabulary`, in the order of their ids, without reading
    the rest of it. KeyError as in `read_tokenization`."""
    if is_imported(header):
        return ImportedTokenizer.pieces_of(header)
    if header.get("type") == HASHED:
        return buckets(header["buckets"])
    pieces: list[str] = header["pieces"]
    return pieces


def is_imported(header: Mapping[str, Any]) -> bool:
    """Tell of a checkpoint's `vocabulary` whether it came with an imported model."""
    return header.get("type") == TYPE


def is_trained(header: Mapping[str, Any]) -> bool:
    """Tell of a checkpoint's `vocabulary` whether it is a Vocabulary, which edgetext trained."""
    return "type" not in header


def trained_vocabulary(tokenization: Tokenization, purpose: str) -> Vocabulary:
    """Give it as the Vocabulary that it is; EdgetextError for an imported tokenizer, whose pieces
    follow another library's rules, and for hashed words, which have none.

    purpose: what needs one, the subject of the sentence.
    """
    if isinstance(tokenization, Vocabulary):
        return tokenization
    reason = (
        "hashes words instead"
        if isinstance(tokenization, HashedWords)
        else "was imported with a tokenizer of its own"
    )
    raise EdgetextError(
        f"{purpose} needs a vocabulary that edgetext trained, and this model {reason}; `edgetext "
        "distill` it to a student with pieces of its own"
    )
