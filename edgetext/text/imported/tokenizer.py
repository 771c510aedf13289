"""The tokenizer of an imported model, as `tokenizers` runs it and as the text graph does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from tokenizers import Tokenizer

from edgetext.core.errors import EdgetextError
from edgetext.text.encoding import Encoding, character_starts
from edgetext.text.imported.added import added_tokens
from edgetext.text.imported.differences import differences
from edgetext.text.imported.fewer import longest_pieces, needed, parts_counted, with_parts
from edgetext.text.imported.pieces import END_BYTE
from edgetext.text.imported.renumbering import with_ids
from edgetext.text.imported.stages import check_stages, kind_of
from edgetext.text.imported.template import Template, read_template
from edgetext.text.imported.truncation import LONGEST_FIRST, ONLY_SECOND

if TYPE_CHECKING:
    from edgetext.text.imported.graph import ImportedGraph
    from edgetext.text.imported.pair_graph import ImportedPairGraph

# What `type` says of it in a checkpoint's vocabulary.
TYPE = "tokenizer"
# So many texts are encoded at once where they are many.
_TOGETHER = 1000


@dataclass(frozen=True, slots=True)
class PairEncoding:
    """Two texts as one sequence of pieces.

    ids, type_ids: int64[T]; text: int64[T], 0 or 1 for a piece's text, -1 for a special token;
    first: bool[T]; start, end: int32[T], byte offsets in the piece's own text, as in Encoding.
    """

    ids: np.ndarray
    type_ids: np.ndarray
    text: np.ndarray
    first: np.ndarray
    start: np.ndarray
    end: np.ndarray


class ImportedTokenizer:
    """What a `tokenizer.json` says, whose ids and offsets the text graph gives, too.

    pieces: in the order of their ids, "" for an id that none has. max_length: the most pieces of a
    text, special tokens among them. template: where special tokens stand. added_tokens:
    those that are read as such where they stand in a text; added: their content -> id.
    """

    # Spaces may be pieces, so what was cut off must be nothing at all.
    cuts_whole = True
    filler = END_BYTE

    def __init__(
        self, settings: Mapping[str, Any], *, max_length: int, source: str = "tokenizer.json"
    ) -> None:
        """settings: the object of a `tokenizer.json`; source: its name in messages.

        EdgetextError, before any work, for a stage that cannot be compiled: see
        text.imported.stages.
        """
        check_stages(settings, source)
        self.settings = dict(settings)
        self.added_tokens = added_tokens(settings, source)
        self.added = {token.content: token.id for token in self.added_tokens}
        self.max_length = max_length
        self.template: Template = read_template(settings.get("post_processor"), source)
        least = max(self.template.single.added, self.template.pair.added)
        if max_length <= least:
            raise EdgetextError(
                f"{source}: a text may have {max_length} pieces, and {least} are special tokens; "
                "give a higher maximum length"
            )
        self._tokenizer = _without_limits(settings, source)
        self._tokenizer.enable_truncation(max_length)
        self._source = source
        self.pieces = self.pieces_of(self.to_header())
        padding = settings.get("padding") or {}
        self.pad: int = padding.get("pad_id", self._id_of("[PAD]", "<pad>"))
        self.unknown = self._id_of("[UNK]", "<unk>", "[MASK]", "<mask>")

    @classmethod
    def read(
        cls,
        content: str | bytes,
        *,
        source: str,
        max_length: int,
        lowercase: bool | None = None,
    ) -> ImportedTokenizer:
        """Read the content of a `tokenizer.json`.

        source: its name in messages. max_length: the most pieces of a text, special tokens among
        them. lowercase: what another file says where BERT's normalizer in this one differs, as
        `do_lower_case` of tokenizer_config.json; transformers lets that win. The surest content is
        what transformers itself has made of a folder: `tokenizer.backend_tokenizer.to_str()`.

        EdgetextError where it is no tokenizer, or one of its stages cannot be compiled.
        """
        try:
            settings = json.loads(content)
            if not isinstance(settings, dict) or not isinstance(settings["model"], dict):
                raise ValueError("it is no tokenizer")
        except (ValueError, KeyError) as error:
            raise EdgetextError(
                f"{source}: holds no tokenizer ({error}); give a tokenizer.json of `tokenizers`"
            ) from error
        normalizer = settings.get("normalizer") or {}
        if lowercase is not None and normalizer.get("type") == "BertNormalizer":
            settings["normalizer"] = {**normalizer, "lowercase": lowercase}
        return cls(settings, max_length=max_length, source=source)

    @cached_property
    def scores(self) -> list[float]:
        """The pieces' scores of a Unigram model, as `tokenizers` reads them: the last bit of many
        digits is another than in Python, which decides between pieces that are as likely."""
        settings = json.loads(self._tokenizer.to_str())
        return [score for _, score in settings["model"]["vocab"]]

    @cached_property
    def _pair_tokenizer(self) -> Tokenizer:
        """One more, since each text and pair may be cut in another way; few models read pairs."""
        return _without_limits(self.settings, self._source)

    def __len__(self) -> int:
        return len(self.pieces)

    def encode(self, text: str) -> Encoding:
        """Encode one text with its special tokens, cut to max_length."""
        encoding = self._tokenizer.encode(text)
        words = _numbers(encoding.word_ids)
        offsets = _bytes(np.array(encoding.offsets, np.int64), text)
        return Encoding(np.array(encoding.ids, np.int64), _begins(words), *_spans(offsets, words))

    def encode_pair(
        self, text: str, text_b: str, *, truncation: str = LONGEST_FIRST
    ) -> PairEncoding:
        """Encode two texts in one sequence, cut to max_length.

        truncation: LONGEST_FIRST, or ONLY_SECOND, where a first text that leaves no room for a
        piece of the second is an EdgetextError.
        """
        tokenizer = self._pair_tokenizer
        tokenizer.enable_truncation(self.max_length, strategy=truncation)
        try:
            encoding = tokenizer.encode(text, text_b)
        except Exception as error:
            if truncation != ONLY_SECOND:
                raise
            raise EdgetextError(
                f"the first text fills the {self.max_length} pieces that both may have; shorten it"
            ) from error
        part = _numbers(encoding.sequence_ids)
        words = _numbers(encoding.word_ids)
        words = np.where(part == 1, words + words.max() + 1, words)
        offsets = np.array(encoding.offsets, np.int64)
        for number, source in enumerate((text, text_b)):
            offsets[part == number] = _bytes(offsets[part == number], source)
        return PairEncoding(
            np.array(encoding.ids, np.int64),
            np.array(encoding.type_ids, np.int64),
            part,
            _begins(words),
            *_spans(offsets, words),
        )

    def graph(self, *, widen: bool = True, max_bytes: int | None = None) -> ImportedGraph:
        """Compile it for one text: see text.tokenization.Tokenization."""
        from edgetext.text.imported.graph import ImportedGraph

        return ImportedGraph(self, widen=widen, max_bytes=max_bytes)

    def pair_graph(
        self, *, widen: bool = True, truncation: str = LONGEST_FIRST
    ) -> ImportedPairGraph:
        """Compile it for two texts, uint8[1, n] and uint8[1, m]; truncation: see `encode_pair`."""
        from edgetext.text.imported.pair_graph import ImportedPairGraph

        return ImportedPairGraph(self, widen=widen, truncation=truncation)

    def published(self) -> dict[str, Any]:
        """Give what a model's files say of it."""
        return {
            "tokenizer": kind_of(self.settings),
            "tokenizer_differs": differences(self.settings),
        }

    def to_header(self) -> dict[str, Any]:
        """Give the JSON object of a checkpoint's `vocabulary`."""
        return {"type": TYPE, "tokenizer": self.settings, "max_length": self.max_length}

    @property
    def special_ids(self) -> frozenset[int]:
        """Give the ids of the special tokens around one text and two."""
        layouts = (self.template.single, self.template.pair)
        return frozenset(mark.id for layout in layouts for marks in layout.marks for mark in marks)

    def fixed_ids(self) -> set[int]:
        """Give the ids that no smaller tokenizer can do without: of special and other added tokens,
        of padding, and those of text.imported.fewer."""
        added = {token["id"] for token in self.settings.get("added_tokens", [])}
        return with_parts(
            self.settings, {*self.special_ids, *added, self.pad, *needed(self.settings)}
        )

    def uses(self, texts: Sequence[str]) -> np.ndarray:
        """Give int64[V], how much texts need each piece, 0 for not at all; a piece that another one
        is merged from is needed more than that one."""
        tokenizer = _without_limits(self.settings, self._source)
        counts = np.zeros(len(self), np.int64)
        for at in range(0, len(texts), _TOGETHER):
            some = list(texts[at : at + _TOGETHER])
            encodings = tokenizer.encode_batch(some, add_special_tokens=False)
            ids = [index for each in encodings for index in each.ids]
            for text, each in zip(some, encodings, strict=True):
                ids += self._tried(text, each)
            counts += np.bincount(np.array(ids, np.int64), minlength=len(counts))
        return parts_counted(self.settings, counts)

    def _tried(self, text: str, encoding: Any) -> Iterator[int]:
        """The pieces that WordPiece takes of words before it finds that they are unknown, as they
        would not be if there were shorter ones alone."""
        model = self.settings["model"]
        if kind_of(self.settings) != "WordPiece":
            return
        unknown = model["vocab"][model["unk_token"]]
        for index, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
            if index == unknown:
                word = self._tokenizer.normalizer.normalize_str(text[start:end]).strip()
                yield from longest_pieces(model["vocab"], word)

    def with_ids(self, kept: Sequence[int]) -> ImportedTokenizer:
        """Give one with these pieces alone, whose ids are counted anew.

        kept: `fixed_ids` and others, in their order, of BPE with the parts of each, as the highest
        of `uses` are.
        """
        header = self.to_header()
        return self.from_header({**header, "tokenizer": with_ids(self.settings, kept)})

    @classmethod
    def from_header(cls, header: Mapping[str, Any]) -> ImportedTokenizer:
        """Read what `to_header` gave."""
        return cls(header["tokenizer"], max_length=header["max_length"], source="checkpoint")

    @staticmethod
    def pieces_of(header: Mapping[str, Any]) -> list[str]:
        """Give the pieces in the order of their ids, added tokens among them."""
        settings = header["tokenizer"]
        vocab = settings["model"]["vocab"]
        if isinstance(vocab, list):
            by_id = {index: piece for index, (piece, _) in enumerate(vocab)}
        else:
            by_id = {index: piece for piece, index in vocab.items()}
        by_id |= {token["id"]: token["content"] for token in settings.get("added_tokens", [])}
        return [by_id.get(index, "") for index in range(max(by_id) + 1)]

    def _id_of(self, *names: str) -> int:
        """The id of the first of some tokens that it has, or 0."""
        ids = (self._tokenizer.token_to_id(name) for name in names)
        return next((index for index in ids if index is not None), 0)


def _without_limits(settings: Mapping[str, Any], source: str) -> Tokenizer:
    """The tokenizer without its file's own truncation and padding."""
    plain = {**settings, "truncation": None, "padding": None}
    try:
        return Tokenizer.from_str(json.dumps(plain))
    except Exception as error:
        raise EdgetextError(
            f"{source}: `tokenizers` does not read it ({error}); save it with the release that is "
            "installed here"
        ) from error


def _numbers(values: list[int | None]) -> np.ndarray:
    """int64[T], -1 where there is None."""
    return np.array([-1 if value is None else value for value in values], np.int64)


def _begins(words: np.ndarray) -> np.ndarray:
    """bool[T]: where another word begins; words int64[T], -1 for special tokens."""
    return (words >= 0) & (words != np.insert(words[:-1], 0, -1))


def _bytes(offsets: np.ndarray, text: str) -> np.ndarray:
    """Offsets in characters int64[T, 2] -> in bytes."""
    if text.isascii():
        return offsets
    places: np.ndarray = character_starts(text)[np.minimum(offsets, len(text))]
    return places


def _spans(offsets: np.ndarray, words: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Offsets int64[T, 2] -> start and end int32[T]; those of special tokens, whose word is -1, are
    empty: where the piece before them ends."""
    start, end = offsets.T.astype(np.int32)
    for index in np.flatnonzero(words < 0):
        start[index] = end[index] = end[index - 1] if index else 0
    return start, end
