"""A vocabulary cut to the pieces that a corpus uses, and the rows of the table with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from edgetext.compression.pruning.structure import with_value
from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.model.checkpoint import Checkpoint
from edgetext.text.imported.tokenizer import ImportedTokenizer
from edgetext.text.tokenization import Tokenization, read_tokenization, trained_vocabulary
from edgetext.text.vocabulary import CONTINUATION, SPECIAL_PIECES, Vocabulary

# As many as the corpus uses, and those that must stay.
USED = 0


def cut_vocabulary(checkpoint: Checkpoint, examples: Sequence[Example], size: int) -> Checkpoint:
    """Keep the pieces that the examples' texts use most, and the rows of the table with them.

    size: how many, or USED; see `fewer_pieces`.
    """
    header = checkpoint.header
    tokenization = read_tokenization(header.vocabulary)
    texts = [text for example in examples for text in example.texts]
    cut, kept = fewer_pieces(tokenization, texts, size)
    tensors = dict(checkpoint.tensors)
    # A language model's head has a value a piece too.
    for name in ("embedding.weight", "head.bias"):
        if name in tensors and len(tensors[name]) == len(tokenization):
            tensors[name] = tensors[name].index_select(0, kept)
    recipe = header.recipe
    if isinstance(cut, Vocabulary):
        recipe = with_value(recipe, "text.vocabulary", len(kept))
    return Checkpoint(replace(header, recipe=recipe, vocabulary=cut.to_header()), tensors)


def fewer_pieces(
    tokenization: Tokenization, texts: Sequence[str], size: int
) -> tuple[Tokenization, Tensor]:
    """Give a tokenization of the pieces that texts use most, and the ids that these had, int64[V].

    size: how many, or USED. Single characters stay, so no word is lost. Texts of which every piece
    stays are cut as before: what is the longest piece somewhere among more, the next merge, or the
    likeliest path, is that among fewer, if it is there.
    EdgetextError for pieces that cannot be cut, and where more of them have to stay.
    """
    if isinstance(tokenization, ImportedTokenizer):
        fixed, uses = tokenization.fixed_ids(), tokenization.uses(texts)
        kept = _kept(torch.from_numpy(uses), sorted(fixed), size)
        return tokenization.with_ids(kept.tolist()), kept
    trained = trained_vocabulary(tokenization, f"--keep vocabulary={size or 'used'}")
    whole = {i for i, piece in enumerate(trained.pieces) if piece in SPECIAL_PIECES}
    single = {i for i, p in enumerate(trained.pieces) if len(p.removeprefix(CONTINUATION)) == 1}
    kept = _kept(_counts(trained, texts), sorted(whole | single), size)
    return trained.with_pieces([trained.pieces[i] for i in kept.tolist()]).limited(texts), kept


def _counts(tokenization: Tokenization, texts: Iterable[str]) -> Tensor:
    """int64[V]: how often each piece occurs."""
    counts = torch.zeros(len(tokenization), dtype=torch.int64)
    for text in texts:
        ids = torch.from_numpy(tokenization.encode(text).ids)
        counts += torch.bincount(ids, minlength=len(counts))
    return counts


def _kept(counts: Tensor, fixed: Sequence[int], size: int) -> Tensor:
    """int64[size], in order: the ids that stay."""
    if size and size < len(fixed):
        raise EdgetextError(
            f"--keep vocabulary={size}: {len(fixed)} pieces are special or single characters and "
            "have to stay; keep more"
        )
    counts[fixed] = counts.max() + 1
    size = size or int((counts > 0).sum())
    return counts.argsort(descending=True, stable=True)[:size].sort().values
