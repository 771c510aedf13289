"""Byte-level BPE as GPT-2, RoBERTa and ModernBERT have it, as a tensor program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from edgetext.text.ahead import SPACE, LookAhead
from edgetext.text.imported.added_graph import searches
from edgetext.text.imported.bytes import byte_pieces, read_merges
from edgetext.text.imported.merges import Merge, MergeRounds
from edgetext.text.imported.nfc import GROWTH, Nfc
from edgetext.text.imported.pieces import END_BYTE, Cut, kept_pieces
from edgetext.text.imported.splitting import CLASSES, END, WordStarts, character_classes
from edgetext.text.imported.strings import StringLookup
from edgetext.text.imported.template import trimming
from edgetext.text.lengths import bound
from edgetext.text.marks import BYTE_VALUES, CLS_BYTE, WITHIN_BYTE
from edgetext.text.symbols import lay_out_continuation, lay_out_trie
from edgetext.text.trie import TrieReader

if TYPE_CHECKING:
    from edgetext.text.imported.tokenizer import ImportedTokenizer

# Of each byte that was normalized, the places in the text at which what it came from begins and
# ends.
Origin = list[Tensor]


class ByteBpeCutter(TrieReader):
    """uint8[1, n] -> Cut and truncated int32[1].

    Bytes that are no UTF-8 are pieces of their own, but END_BYTE, which is nothing.
    """

    prefix: Tensor
    end: Tensor

    def __init__(self, tokenizer: ImportedTokenizer, *, widen: bool = True) -> None:
        super().__init__(widen=widen)
        settings = tokenizer.settings
        added = tokenizer.added
        vocab = byte_pieces(settings["model"])
        # What has a byte that stands for the end is in no text.
        merges = [m for m in read_merges(settings["model"]) if END_BYTE not in m.whole]
        self.merges = MergeRounds(merges, widen=widen)
        # The mark before the text, the merges, the bytes, and added tokens: see MergeRounds.
        single = [bytes([byte]) for byte in range(256)]
        strings = [[CLS_BYTE], *(list(merge.whole) for merge in merges), *map(list, single)]
        ids = [0, *(vocab[merge.whole] for merge in merges), *(vocab[byte] for byte in single)]
        strings += [[WITHIN_BYTE + 1 + number] for number in range(len(added))]
        ids += added.values()
        values = WITHIN_BYTE + 1 + len(added)
        self.strings = StringLookup.of(strings, values, widen=widen)
        self._table("id", np.array([*ids, 0]))
        self._read_characters(values)
        self.ahead = LookAhead()
        self.starts = WordStarts(widen=widen)
        self._read_added(tokenizer, values)
        splitter = settings["pre_tokenizer"]
        self.adds_space = bool(splitter["add_prefix_space"])
        self.lead = 1 + self.adds_space
        self._table("prefix", np.array([CLS_BYTE]))
        self._table("end", np.array([END_BYTE]))
        self._read_trimming(settings, merges, added)

    def _read_added(self, tokenizer: ImportedTokenizer, values: int) -> None:
        settings = tokenizer.settings
        normalizes = settings.get("normalizer") is not None
        # Where spaces are no part of a piece's bytes, those that a token takes aren't either.
        stage = trimming(settings.get("post_processor"))
        self.trims = bool(stage and stage.get("trim_offsets"))
        each = searches(
            tokenizer.added_tokens,
            widen=self.widen,
            values=values,
            apart=normalizes,
            blank=END_BYTE if self.trims else None,
        )
        self.early = nn.ModuleList(search for search in each if not search.late)
        self.late = nn.ModuleList(search for search in each if search.late)
        self.nfc = Nfc(values, END_BYTE, widen=self.widen) if normalizes else None
        self.pieces_a_byte = GROWTH if normalizes else 1

    def _read_characters(self, values: int) -> None:
        root, trie = lay_out_trie(character_classes(), CLASSES, values)
        root[END_BYTE] = root[CLS_BYTE] = END
        root[WITHIN_BYTE + 1 :] = END
        real = np.ones(values, np.int64)
        real[END_BYTE] = real[WITHIN_BYTE] = 0
        self._table("root", root)
        self._table("trie", trie)
        self._table("continuation", lay_out_continuation(values))
        self._table("real", real)
        # What is put before a text that begins with this byte.
        before = np.full(values, SPACE, np.int64)
        before[[SPACE, END_BYTE]] = WITHIN_BYTE
        before[BYTE_VALUES:] = WITHIN_BYTE
        self._table("before", before)

    def _read_trimming(
        self, settings: Mapping[str, Any], merges: list[Merge], added: Mapping[str, int]
    ) -> None:
        """How many spaces at both ends are no part of a piece's bytes."""
        stage = trimming(settings.get("post_processor"))
        self.keeps_first = bool(stage and stage.get("add_prefix_space"))
        pieces = [b"", *(m.whole for m in merges), *(bytes([byte]) for byte in range(256))]
        pieces += [content.encode("utf-8") for content in added]
        pieces += [b""] * (self.strings.none + 1 - len(pieces))
        self._table("leading", np.array([len(p) - len(p.lstrip(b" ")) for p in pieces]))
        self._table("trailing", np.array([len(p) - len(p.rstrip(b" ")) for p in pieces]))

    def forward(self, text: Tensor, room: int | None = None) -> tuple[Cut, Tensor]:
        """text: uint8[1, n], n >= 1; room: the most pieces."""
        data, origin = self._data(text)
        # The class of the character that each byte begins.
        lead = self._codes(data)
        data = self.ahead.here(data)
        size = data.shape[0]
        position = lead.nonzero().reshape(-1)
        bound(position.shape[0], 2, size)
        begins = self.starts(lead.gather(0, position))
        boundary = torch.zeros_like(lead).scatter(0, position, begins)
        number = self.strings(data, boundary)
        joined = self.merges(number, boundary, data)

        edge = joined.logical_not().nonzero().reshape(-1)
        bound(edge.shape[0], 2, size)
        following = torch.cat([edge[1:], torch.full((1,), size)])
        real = self._read("real", data.gather(0, edge))
        kept, truncated = kept_pieces(real, room)
        row = kept.nonzero().reshape(-1)
        bound(row.shape[0], 1, edge.shape[0])
        start, stop = edge.gather(0, row), following.gather(0, row)
        at = (stop - start - 1) * number.shape[1] + start
        piece = number.reshape(-1).gather(0, at)
        word = boundary.gather(0, start).nonzero().reshape(-1)
        bound(word.shape[0], 1, row.shape[0])
        if not self.widen:
            # It changes nothing, but ExecuTorch cannot return a view of nonzero's answer.
            word = word.clamp(min=0)
        offsets = self._offsets(lead, position, start, stop - 1, piece, origin)
        return Cut(self._read("id", piece), word, *offsets), truncated

    def _data(self, text: Tensor) -> tuple[Tensor, Origin | None]:
        """The bytes int64[m] with a mark and perhaps a space before them; and where they came from
        if they were normalized."""
        ends = self.end.long().expand(self.ahead.suffix.shape[0])
        parts = [self.prefix.long(), text.reshape(-1).long(), ends]
        if self.adds_space:
            parts.insert(1, self.prefix.long())
        data, origin = torch.cat(parts), None
        for search in self.early:
            data = search(data)
        if self.nfc is not None:
            data, *origin = self.nfc(data)
        for search in self.late:
            data = search(data)
        if self.adds_space:
            space = self._read("before", data[2:3])
            data = torch.cat([data[:1], space, data[2:]])
        return data, origin

    def _offsets(
        self,
        lead: Tensor,
        position: Tensor,
        start: Tensor,
        last: Tensor,
        piece: Tensor,
        origin: Origin | None,
    ) -> tuple[Tensor, Tensor]:
        """Each piece's bytes in the text: those of the characters that it has bytes of."""
        begins = lead.clamp(max=1)
        if self.adds_space and not self.trims:
            # A space that was put before the text is a part of the first character.
            begins = torch.cat([begins[:2], 1 - begins[1:2], begins[3:]])
            position = begins.nonzero().reshape(-1)
            bound(position.shape[0], 2, lead.shape[0])
        character = begins.cumsum(0) - 1
        after = torch.cat([position[1:], torch.full((1,), lead.shape[0])])
        begin = position.gather(0, character.gather(0, start))
        end = after.gather(0, character.gather(0, last))
        if origin is not None:
            starts, ends = origin
            begin, end = starts.gather(0, begin), ends.gather(0, end - 1)
        begin, end = (begin - self.lead).clamp(min=0), (end - self.lead).clamp(min=0)
        if not self.trims:
            return begin, end
        leading = self._read("leading", piece)
        if self.keeps_first:
            # The one space before a text stays; of several, `tokenizers` takes off all.
            leading = leading * (1 - (begin == 0).logical_and(leading == 1).long())
        begin = torch.minimum(begin + leading, end)
        return begin, torch.maximum(end - self._read("trailing", piece), begin)
