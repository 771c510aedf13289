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
from edgetext.text.vocabulary import CONTINUATION, SPECIAL_PIECES

# As many as the corpus uses, and those that must stay.
USED = 0


def cut_vocabulary(checkpoint: Checkpoint, examples: Sequence[Example], size: int) -> Checkpoint:
    """Keep the pieces that the examples' texts use most; single characters stay, so no word is
    lost.

    size: how many, or USED. Texts of which every piece stays are cut as before: what is the longest
    piece somewhere among more is the longest among fewer, if it is there.
    EdgetextError for pieces that cannot be cut, and where more of them have to stay.
    """
    header = checkpoint.header
    tokenization = read_tokenization(header.vocabulary)
    imported = tokenization if isinstance(tokenization, ImportedTokenizer) else None
    if imported is None:
        trained = trained_vocabulary(tokenization, f"--keep vocabulary={size or 'used'}")
        fixed = {i for i, piece in enumerate(trained.pieces) if piece in SPECIAL_PIECES}
    else:
        fixed = imported.fixed_ids()
    fixed |= {
        i for i, p in enumerate(tokenization.pieces) if len(p.removeprefix(CONTINUATION)) == 1
    }
    texts = [text for example in examples for text in example.texts]
    kept = _kept(_counts(tokenization, texts), sorted(fixed), size)
    tensors = dict(checkpoint.tensors)
    # A language model's head has a value a piece too.
    for name in ("embedding.weight", "head.bias"):
        if name in tensors and len(tensors[name]) == len(tokenization):
            tensors[name] = tensors[name].index_select(0, kept)
    recipe = header.recipe
    if imported is None:
        pieces = [trained.pieces[i] for i in kept.tolist()]
        recipe = with_value(recipe, "text.vocabulary", len(pieces))
        cut: Tokenization = trained.with_pieces(pieces).limited(texts)
    else:
        cut = imported.with_ids(kept.tolist())
    return Checkpoint(replace(header, recipe=recipe, vocabulary=cut.to_header()), tensors)


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
