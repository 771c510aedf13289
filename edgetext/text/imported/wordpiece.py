"""WordPiece as BERT has it, as a tensor program: words of up to 100 characters, whatever pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from edgetext.text.graph import PREFIX, TextGraph
from edgetext.text.imported.added_graph import reached, searches
from edgetext.text.imported.pieces import Cut, kept_pieces
from edgetext.text.lengths import bound
from edgetext.text.marks import WITHIN_BYTE
from edgetext.text.vocabulary import SPECIAL_PIECES, Vocabulary

if TYPE_CHECKING:
    from edgetext.text.imported.tokenizer import ImportedTokenizer


class WordPieceCutter(TextGraph):
    """uint8[1, n] -> Cut and truncated int32[1]; see text.graph for the manner.

    Its pieces are looked up as those of a Vocabulary, and have their own ids in the end.
    """

    far: Tensor

    def __init__(self, tokenizer: ImportedTokenizer, *, widen: bool = True) -> None:
        settings = tokenizer.settings
        model, normalizer = settings["model"], settings["normalizer"]
        unknown = model["unk_token"]
        by_piece: dict[str, int] = model["vocab"]
        added = tokenizer.added
        named = {*by_piece, *added}.difference(SPECIAL_PIECES, [unknown])
        others = sorted(named, key=lambda piece: added.get(piece, by_piece.get(piece, 0)))
        lowercase = bool(normalizer["lowercase"])
        strips = normalizer["strip_accents"]
        self.longest_word: int = model.get("max_input_chars_per_word", 100)
        vocabulary = Vocabulary(
            [*SPECIAL_PIECES, *others],
            lowercase,
            keep_accents=strips is not None and not strips,
            canonical=False,
            word_pieces=1 << (self.longest_word - 1).bit_length(),
        )
        super().__init__(vocabulary, widen=widen, whole=tuple(added))
        # Hangul syllables may have more pieces than bytes.
        self.pieces_a_byte = self.parts
        ids = {**by_piece, **added}
        self.lookup.number(np.array([ids.get(p, ids[unknown]) for p in vocabulary.pieces]))
        values = WITHIN_BYTE + 1 + len(added)
        self.searches = nn.ModuleList(searches(tokenizer.added_tokens, widen=widen, values=values))
        self.strips = any(token.lstrip or token.rstrip for token in tokenizer.added_tokens)
        self._table("far", np.full(self.longest_word, np.iinfo(np.int32).max))

    def forward(self, text: Tensor, room: int | None = None) -> tuple[Cut, Tensor]:  # type: ignore[override]
        """text: uint8[1, n], n >= 1; room: the most pieces."""
        data = torch.cat([self.prefix.long(), text.reshape(-1).long(), self.ahead.suffix.long()])
        for search in self.searches:
            data = search(data)
        symbol, position = self._symbols(data)
        previous = torch.cat([self.first_symbol.long(), symbol[:-1]])
        edge = self._edges(symbol, previous)
        boundary = edge.long()
        match = self._known(self.lookup(symbol, boundary), boundary)
        emitted = self.walk(match, self.lookup.length(match), edge, boundary)
        emits = emitted != 0
        # Pieces end before the next piece, or a space.
        event = edge.logical_or(emits)
        kept, truncated = kept_pieces(emits.long(), room)

        token = kept.nonzero().reshape(-1)
        bound(token.shape[0], 1, symbol.shape[0])
        word = boundary.gather(0, token).nonzero().reshape(-1)
        bound(word.shape[0], 1, token.shape[0])
        if not self.widen:
            # It changes nothing, but ExecuTorch cannot return a view of nonzero's answer.
            word = word.clamp(min=0)
        after = event.nonzero().reshape(-1).gather(0, event.long().cumsum(0).gather(0, token))
        last_byte = position.gather(0, after - 1)
        value = data.gather(0, last_byte)
        end = last_byte + self._read("to_end", value, wide=self.widen)
        if self.strips:
            # Blanks may belong to an added token.
            ends = reached(data == WITHIN_BYTE).gather(0, last_byte) - len(PREFIX)
            end = torch.where(value > WITHIN_BYTE, ends, end)
        start = (position.gather(0, token) - len(PREFIX)).clamp(min=0)
        return Cut(self.lookup.piece(emitted.gather(0, token)), word, start, end), truncated

    def _known(self, match: Tensor, boundary: Tensor) -> Tensor:
        """Matches int64[m] -> the same, but for words that are too long: nothing matches there."""
        begun = boundary.cumsum(0)
        later = torch.cat([begun, self.far.long()])[self.longest_word :]
        return torch.where(later == begun, self.lookup.no_match, match)
