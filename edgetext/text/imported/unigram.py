"""Unigram with Metaspace, as XLM-R, T5 and ALBERT have it, as a tensor program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from edgetext.text.ahead import LookAhead
from edgetext.text.imported.added_graph import BLANKS, reached, searches
from edgetext.text.imported.blanks import (
    BLANK,
    EDGE,
    NOTHING,
    OTHER,
    SPACE,
    BlankRules,
    Blanks,
    blank_rules,
)
from edgetext.text.imported.pieces import END_BYTE, Cut, kept_pieces
from edgetext.text.imported.stages import is_by_character, parts_of
from edgetext.text.imported.strings import StringLookup
from edgetext.text.imported.viterbi import Viterbi
from edgetext.text.lengths import bound
from edgetext.text.marks import CLS_BYTE, WITHIN_BYTE
from edgetext.text.symbols import lay_out_continuation, lay_out_trie, lay_out_widths
from edgetext.text.trie import TrieReader
from edgetext.text.unicode import POINTS

if TYPE_CHECKING:
    from edgetext.text.imported.tokenizer import ImportedTokenizer

# What an unknown character's score lies below the lowest of all pieces'.
_UNKNOWN_PENALTY = 10.0
_DROP, _END, _BLANK, _MARK = range(4)


class UnigramCutter(TrieReader):
    """uint8[1, n] -> Cut and truncated int32[1].

    Symbols: what is dropped, the end, a blank, the mark before the text, added tokens, the sign
    for a space, what no piece has, and the characters of pieces. A blank before a word becomes the
    sign for a space, as does one that is put before the text.
    """

    prefix: Tensor
    end: Tensor
    expansion: Tensor

    def __init__(self, tokenizer: ImportedTokenizer, *, widen: bool = True) -> None:
        super().__init__(widen=widen)
        settings, added = tokenizer.settings, tokenizer.added
        *splits, metaspace = parts_of(settings["pre_tokenizer"])
        self.sign: str = metaspace["replacement"]
        self.puts = _scheme(metaspace)
        self.first_added = _MARK + 1
        self.space = self.first_added + len(added)
        self.other = self.space + 1
        self._read_pieces(tokenizer, widen)
        self._read_characters(settings, bool(splits), added)
        values = self.blank_byte + 1
        self.searches = nn.ModuleList(searches(tokenizer.added_tokens, widen=widen, values=values))
        self.strips = any(token.lstrip or token.rstrip for token in tokenizer.added_tokens)
        self.ahead = LookAhead()

    def _read_pieces(self, tokenizer: ImportedTokenizer, widen: bool) -> None:
        model, added = tokenizer.settings["model"], tokenizer.added
        pieces = [piece for piece, _ in model["vocab"]]
        characters = sorted({c for piece in pieces for c in piece} - {self.sign})
        self.symbol = {c: self.other + 1 + i for i, c in enumerate(characters)}
        self.symbol[self.sign] = self.space
        strings: list[list[int]] = [[_MARK]]
        ids, scores = [0], [0.0]
        for index, (piece, score) in enumerate(zip(pieces, tokenizer.scores, strict=True)):
            # A sign for a space begins a word.
            if not piece or self.sign in piece[1:]:
                continue
            strings.append([self.symbol[c] for c in piece])
            ids.append(index)
            scores.append(score)
        for number, token in enumerate(added.values()):
            strings.append([self.first_added + number])
            ids.append(token)
            scores.append(0.0)
        symbols = self.other + 1 + len(characters)
        self.strings = StringLookup.of(strings, symbols, widen=widen)
        self.unknown, self.none = len(strings), len(strings) + 1
        scores.append(min(tokenizer.scores) - _UNKNOWN_PENALTY)
        self.viterbi = Viterbi(scores, self.strings.longest, widen=widen)
        self.unknown_id: int = model["unk_id"]
        self._table("id", np.array([*ids, self.unknown_id, 0]))

    def _read_characters(
        self, settings: Mapping[str, Any], splits: bool, added: Mapping[str, int]
    ) -> None:
        """Lay out what each character is read as; splits: whether blanks are no part of words."""
        blank = values = WITHIN_BYTE + 1 + len(added)
        values += 1
        codes = np.full(0x110000, self.other, np.int64)
        count = self.other + len(self.symbol)
        rules = blank_rules(settings)
        # Where blanks are taken away, each has a code of its own above those of symbols.
        code = {c: count + i for i, c in enumerate(BLANKS)} if rules else {}
        blanks = count + len(code)
        expansions: dict[tuple[int, ...], int] = {}
        for point, text in _normalized(settings):
            parts = tuple(code.get(c, self._symbol(c, splits)) for c in text)
            if len(parts) < 2:
                codes[point] = parts[0] if parts else _DROP
            else:
                codes[point] = expansions.setdefault(parts, blanks + len(expansions))
        root, trie = lay_out_trie(codes, blanks + len(expansions), values)
        root[CLS_BYTE], root[END_BYTE], root[blank] = _MARK, _END, _BLANK
        root[WITHIN_BYTE + 1 : blank] = self.first_added + np.arange(len(added))
        continuation, width = lay_out_continuation(values), lay_out_widths(values)
        width[WITHIN_BYTE + 1 : blank] = [len(content.encode("utf-8")) for content in added]
        for name, table in (
            ("root", root), ("trie", trie), ("continuation", continuation), ("width", width)
        ):  # fmt: skip
            self._table(name, table)
        self.parts = max(map(len, expansions), default=1)
        self.pieces_a_byte = self.parts
        if expansions:
            table = np.zeros((blanks + len(expansions), self.parts), np.int64)
            table[:blanks, 0] = np.arange(blanks)
            for row, parts in enumerate(expansions, start=blanks):
                table[row, : len(parts)] = parts
            self._table("expansion", table)
        self.blanks = self._blanks(rules, code, count) if rules else None
        lead = [CLS_BYTE] if self.puts == "never" else [CLS_BYTE, blank]
        self.blank_byte = blank
        self.lead = len(lead)
        self._table("prefix", np.array(lead))
        self._table("end", np.array([END_BYTE]))

    def _blanks(self, rules: BlankRules, code: Mapping[str, int], count: int) -> Blanks:
        """count: of symbols, which the codes of blanks follow."""
        kinds = np.full(count + len(code), OTHER, np.int64)
        kinds[_DROP] = NOTHING
        kinds[_END : self.space] = EDGE
        kinds[count:] = BLANK
        kinds[code[" "]] = SPACE
        symbols = [*range(count), *(self._symbol(c, False) for c in code)]
        self._table("symbol_of", np.array(symbols))
        return Blanks(rules, kinds, widen=self.widen)

    def _symbol(self, character: str, splits: bool) -> int:
        # Python's blanks are Unicode's White_Space, as Rust has it, and four separators more.
        if splits and character.isspace() and character not in "\x1c\x1d\x1e\x1f":
            return _BLANK
        if character == " ":
            return self.space
        return self.symbol.get(character, self.other)

    def forward(self, text: Tensor, room: int | None = None) -> tuple[Cut, Tensor]:
        """text: uint8[1, n], n >= 1; room: the most pieces."""
        data = self._data(text)
        symbol, origin = self._symbols(data)
        size = symbol.shape[0]
        following = torch.cat([symbol[1:], symbol[-1:]])
        if self.puts != "never":
            # A blank before a word is read as its sign for a space, at the word's first character.
            becomes = (symbol == _BLANK).logical_and(following > self.space)
            if self.puts == "first":
                # That is the text's first character, if the normalizer left it.
                second = torch.cat([origin[1:], origin[-1:]])
                becomes = becomes.logical_and(second == self.lead)
            symbol = torch.where(becomes, self.space, symbol)
            origin = origin.gather(0, torch.arange(size) + becomes.long())
        previous = torch.cat([symbol[:1], symbol[:-1]])
        boundary = (symbol <= self.space).logical_or(previous < self.space).long()
        number = self._numbers(symbol, boundary)
        visited, piece, length = self.viterbi(number, boundary)

        ends = visited.logical_and(piece != self.none).nonzero().reshape(-1)
        bound(ends.shape[0], 1, size)
        ids = self._read("id", piece.gather(0, ends))
        starts = ends - length.gather(0, ends)
        begins = boundary.gather(0, starts)
        unknown = (ids == self.unknown_id).long()
        # Unknown characters beside each other in a word are one piece, with what is spelled as that
        # piece itself.
        goes_on = unknown[1:] * (1 - begins[1:])
        joined = unknown * torch.cat([goes_on, torch.zeros(1, dtype=torch.int64)])
        kept, truncated = kept_pieces(1 - joined, room)
        row = kept.nonzero().reshape(-1)
        bound(row.shape[0], 1, ends.shape[0])
        first = torch.cat([torch.zeros(1, dtype=torch.int64), row[:-1] + 1])
        start = starts.gather(0, first)
        word = begins.gather(0, first).nonzero().reshape(-1)
        bound(word.shape[0], 1, row.shape[0])
        if not self.widen:
            # It changes nothing, but ExecuTorch cannot return a view of nonzero's answer.
            word = word.clamp(min=0)
        last = origin.gather(0, ends.gather(0, row) - 1)
        value = data.gather(0, last)
        end = last + self._read("width", value, wide=self.widen)
        if self.strips:
            # Blanks may belong to an added token, whose last byte may have made room.
            within = (data == WITHIN_BYTE).logical_or(data == self.blank_byte)
            ends = reached(within).gather(0, last)
            marks = (value > WITHIN_BYTE).logical_and(value != self.blank_byte)
            end = torch.where(marks, ends, end)
        end = (end - self.lead).clamp(min=0)
        begin = (origin.gather(0, start) - self.lead).clamp(min=0)
        return Cut(ids.gather(0, row), word, begin, end), truncated

    def _data(self, text: Tensor) -> Tensor:
        ends = self.end.long().expand(self.ahead.suffix.shape[0])
        data = torch.cat([self.prefix.long(), text.reshape(-1).long(), ends])
        for search in self.searches:
            data = search(data)
        if len(self.searches) and self.puts == "always":
            # What follows an added token is a text of its own; the token's last byte makes room.
            within = (data == WITHIN_BYTE).long()
            last = within * (1 - torch.cat([within[1:], within[:1]]))
            data = data + last * (self.blank_byte - WITHIN_BYTE)
        return data

    def _symbols(self, data: Tensor) -> tuple[Tensor, Tensor]:
        """Bytes int64[n] -> the symbols int64[m] of their characters, and where these begin."""
        state = self._codes(data)
        size = state.shape[0]
        if self.parts > 1:
            state = self.expansion.index_select(0, state).long().reshape(-1)
        if self.blanks is not None:
            state = self._read("symbol_of", self.blanks(state), wide=self.widen)
        position = state.nonzero().reshape(-1)
        bound(position.shape[0], 2, size * self.parts)
        origin = position
        if self.parts > 1:
            origin = torch.div(position, self.parts, rounding_mode="trunc")
        return state.gather(0, position), origin

    def _numbers(self, symbol: Tensor, boundary: Tensor) -> Tensor:
        """int64[longest, m + 1]: see Viterbi; a character that is no piece is unknown."""
        number = self.strings(symbol, boundary)
        number = torch.where(number == self.unknown, self.none, number)
        alone = (number[0, :-1] == self.none).logical_and(symbol >= self.space)
        first = torch.where(alone, self.unknown, number[0, :-1])
        return torch.cat([first, number.reshape(-1)[symbol.shape[0] :]]).reshape(
            self.strings.longest, -1
        )


def _scheme(metaspace: Mapping[str, Any]) -> str:
    """When a sign for a space is put before a text; files of old releases say it in other words."""
    if "prepend_scheme" in metaspace:
        return str(metaspace["prepend_scheme"])
    return "always" if metaspace.get("add_prefix_space", True) else "never"


def _normalized(settings: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Each character's code point, and what the normalizer makes of it alone."""
    stages = [s for s in parts_of(settings.get("normalizer")) if is_by_character(s)]
    if not stages:
        return [(point, chr(point)) for point in POINTS]
    plain = {"version": "1.0", "normalizer": {"type": "Sequence", "normalizers": stages}}
    model = {"type": "WordLevel", "vocab": {"": 0}, "unk_token": ""}
    normalizer = Tokenizer.from_str(json.dumps({**plain, "model": model})).normalizer
    return [(point, normalizer.normalize_str(chr(point))) for point in POINTS]
