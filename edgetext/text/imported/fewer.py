"""Which pieces of an imported tokenizer a corpus needs, so that it is cut by them as by all.

WordPiece takes the longest piece at each place, which is the longest among fewer, too, if it is
there; a word is unknown where none is left, which hangs on those that were taken before.

BPE merges, of the pairs beside each other, the one of the lowest rank first (Sennrich et al. 2016),
of equal ones the first. Among fewer merges in the same order there are fewer pairs at each step,
and the one that was taken is the first of those, too: so the steps are the same as long as every
merge that ever happens in the corpus stays. What happens within a piece are the merges that it is
made of, each piece in one way alone (see stages), so a piece with its parts, and theirs, is all
that is needed.

Unigram takes the likeliest path of pieces (Kudo 2018). Among fewer pieces it is still there, every
other path is one of those that there were, and where several end alike, the longest last piece is
chosen of fewer. What an unknown character costs is counted from the lowest score of all pieces, so
the piece that has it stays, and so do single characters, without which there would be more that are
unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

Settings = Mapping[str, Any]
# What a piece of WordPiece within a word begins with.
_WITHIN = "##"


def needed(settings: Settings) -> set[int]:
    """Give the ids of the pieces that a tokenizer.json needs whatever the texts: single characters
    and bytes, the unknown piece, and Unigram's of the lowest score."""
    model = settings["model"]
    if isinstance(model["vocab"], list):
        scores = [score for _, score in model["vocab"]]
        single = {i for i, (piece, _) in enumerate(model["vocab"]) if len(piece) == 1}
        return {*single, model["unk_id"], scores.index(min(scores))}
    vocab: dict[str, int] = model["vocab"]
    prefix = "" if "merges" in model else _WITHIN
    single = {i for piece, i in vocab.items() if len(piece.removeprefix(prefix)) == 1}
    unknown = model.get("unk_token")
    return {*single, vocab[unknown]} if unknown in vocab else single


def longest_pieces(vocab: Mapping[str, int], word: str) -> Iterator[int]:
    """Yield the ids of the longest pieces of WordPiece one after another, as long as there are."""
    at = 0
    while at < len(word):
        prefix = _WITHIN if at else ""
        parts = ((end, prefix + word[at:end]) for end in range(len(word), at, -1))
        end, piece = next(((end, part) for end, part in parts if part in vocab), (0, ""))
        if not end:
            return
        yield vocab[piece]
        at = end


def with_parts(settings: Settings, ids: Iterable[int]) -> set[int]:
    """Give ids with those of all parts that BPE merges these pieces from."""
    whole = set(ids)
    for piece, *parts in _latest_first(settings):
        if piece in whole:
            whole.update(parts)
    return whole


def parts_counted(settings: Settings, counts: np.ndarray) -> np.ndarray:
    """Give int64[V] in the order of how often each piece occurs, or is a part of one that does.

    counts: int64[V], how often each occurs. Of BPE a part is above all that is merged from it, so
    that the highest of any number are all that they need.
    """
    merges = list(_latest_first(settings))
    total = counts.copy()
    for piece, *parts in merges:
        for part in parts:
            total[part] += total[piece]
    if not merges:
        return total
    # Of equal ones the earlier merge is above.
    earliness = np.full(len(counts), len(merges))
    earliness[[piece for piece, *_ in merges]] = np.arange(len(merges))
    return np.where(total > 0, total * (len(merges) + 1) + earliness, 0)


def merged(merge: str | list[str]) -> tuple[str, str]:
    """Give the two pieces of a merge, in which files of old releases have a space."""
    left, right = merge.split(" ") if isinstance(merge, str) else merge
    return left, right


def _latest_first(settings: Settings) -> Iterator[tuple[int, int, int]]:
    """The ids of each merge's piece and of its parts, the last merge first; none but of BPE."""
    model = settings["model"]
    for merge in reversed(model.get("merges", [])):
        left, right = merged(merge)
        yield model["vocab"][left + right], model["vocab"][left], model["vocab"][right]
