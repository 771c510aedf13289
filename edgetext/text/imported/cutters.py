"""What cuts the texts of a tokenizer, by its model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgetext.text.imported.bpe import ByteBpeCutter
from edgetext.text.imported.stages import kind_of
from edgetext.text.imported.unigram import UnigramCutter
from edgetext.text.imported.wordpiece import WordPieceCutter

if TYPE_CHECKING:
    from edgetext.text.imported.tokenizer import ImportedTokenizer

Cutter = WordPieceCutter | ByteBpeCutter | UnigramCutter
_CUTTERS: dict[str, type[Cutter]] = {
    "WordPiece": WordPieceCutter,
    "BPE": ByteBpeCutter,
    "Unigram": UnigramCutter,
}


def cutter_of(tokenizer: ImportedTokenizer, *, widen: bool) -> Cutter:
    """Make the module from uint8[1, n] and the room for pieces to a Cut and truncated int32[1]."""
    return _CUTTERS[kind_of(tokenizer.settings)](tokenizer, widen=widen)
