"""A WordPiece vocabulary: trained or loaded, and the reference encoding that training uses.

The reference is the Rust library `tokenizers` in BERT's configuration (Devlin et al. 2018: clean,
isolate CJK, lower-case and strip accents when uncased, split on whitespace and punctuation, then
greedy longest match), but for the words that are too long (see WORD_PIECES) and, in a vocabulary
that is `canonical`, for canonically equal texts and the ends of words (see text.characters and
Vocabulary.encode). The tensor program of `edgetext.text.graph` reproduces it exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tokenizers.trainers import WordPieceTrainer

from edgetext.core.errors import EdgetextError
from edgetext.text.characters import (
    MOST_ROUNDS,
    Reading,
    any_crowded,
    combining_classes,
    rounds_of_exchange,
)
from edgetext.text.clusters import FIRST_SCRIPTS
from edgetext.text.encoding import Encoding, character_starts
from edgetext.text.marks import TEXT_END
from edgetext.text.normalizer import NormalForms, Normalizer
from edgetext.text.rust_tokenizer import CONTINUATION, alphabet, rust_tokenizer
from edgetext.text.stretches import Stretches
from edgetext.text.vocabulary_file import read_pieces

if TYPE_CHECKING:
    from edgetext.text.graph import TextGraph

PAD, UNK, CLS = 0, 1, 2
SPECIAL_PIECES = ("[PAD]", "[UNK]", "[CLS]")
# A word of more pieces than a vocabulary's limit, one of these, is [UNK]. The text graph walks 2^k
# pieces in k steps of two operators, so a low limit saves time; BERT's limit of 100 characters
# would cost some.
WORD_PIECES = (8, 16, 32)
# A text-graph position is compared with every piece length at once, so one freak 40-letter word in
# the training text would make each text slower for ever.
MAX_PIECE_CHARACTERS = 18
# Code points without a character, which no piece can match in the text graph; see text.unicode.
_UNASSIGNED = re.compile("[\U00040000-\U000dffff\U000e1000-\U000effff]")


class Vocabulary:
    """Pieces in id order; the first three are [PAD], [UNK], [CLS]."""

    pad, unknown, special_ids = PAD, UNK, (CLS,)
    cuts_whole = False

    def __init__(
        self,
        pieces: Sequence[str],
        lowercase: bool = True,
        *,
        keep_accents: bool = False,
        clusters: Sequence[str] = (),
        canonical: bool = True,
        fold_width: bool = False,
        word_pieces: int = WORD_PIECES[-1],
        crowded: bool = True,
        look_alikes: bool = False,
        own_scripts: Sequence[str] = (),
    ):
        """EdgetextError when the special pieces are not the first, or a piece comes twice.

        keep_accents: fold case alone (where case is kept, accents always are); clusters: scripts,
        see `edgetext.text.clusters`; canonical: canonically equal texts are read alike, so pieces
        are of decomposed text where accents are kept, and a word has all that stands on its
        letters; fold_width: full-width and half-width forms are read as the ordinary ones;
        word_pieces: a power of two, more of which make a word [UNK]; crowded: whether characters
        with more parts than bytes, as ǖ, fall into them, which costs each text some operators;
        look_alikes: what looks like a letter of ASCII is read as that, but for letters of
        own_scripts, and characters that nobody sees are dropped: see `edgetext.text.look_alikes`.
        """
        if tuple(pieces[:3]) != SPECIAL_PIECES:
            raise EdgetextError(
                f"the vocabulary begins with {list(pieces[:3])}; its first pieces must be "
                f"{', '.join(SPECIAL_PIECES)}"
            )
        self.pieces = list(pieces)
        self.lowercase = lowercase
        self.keep_accents = keep_accents
        self.clusters = tuple(clusters)
        self.canonical = canonical
        self.fold_width = fold_width
        self.word_pieces = word_pieces
        self.crowded = crowded
        self.look_alikes = look_alikes
        self.own_scripts = tuple(own_scripts)
        for name, chosen in (("fold_width", fold_width), ("look_alikes", look_alikes)):
            if chosen and not canonical:
                raise EdgetextError(
                    f"text.{name}: task lm, and a vocabulary_file whose accents are kept, read "
                    f"text as it is written; set `text.{name}: false`"
                )
        self.ids = {piece: index for index, piece in enumerate(self.pieces)}
        if len(self.ids) != len(self.pieces):
            twice = next(p for i, p in enumerate(self.pieces) if self.ids[p] != i)
            raise EdgetextError(f"the vocabulary holds the piece {twice!r} twice; remove one")
        self._tokenizer = rust_tokenizer(self.ids, self.reading, self.clusters, word_pieces)
        self.marks: dict[str, int] = {}
        if self.reading.decomposes:
            self.marks = combining_classes("".join(self.pieces), self.clusters)
        self.rounds = rounds_of_exchange(self.pieces, self.marks)
        self._normalizer = Normalizer(NormalForms(self.reading), self.marks, self.rounds)
        self._stretches = Stretches()

    def __len__(self) -> int:
        return len(self.pieces)

    @property
    def filler(self) -> int:
        """What ends a text: see Tokenization."""
        return TEXT_END if self.canonical else ord(" ")

    @property
    def rules(self) -> dict[str, Any]:
        """How characters are read and words are formed, whatever the pieces."""
        return {
            "lowercase": self.lowercase,
            "keep_accents": self.keep_accents,
            "clusters": self.clusters,
            "canonical": self.canonical,
            "fold_width": self.fold_width,
            "look_alikes": self.look_alikes,
            "own_scripts": self.own_scripts,
        }

    @property
    def reading(self) -> Reading:
        """The rules for characters alone."""
        return Reading(
            self.lowercase,
            self.keep_accents,
            self.canonical,
            self.fold_width,
            self.crowded,
            self.look_alikes,
            self.own_scripts,
        )

    @classmethod
    def train(
        cls,
        texts: Iterable[str],
        *,
        size: int,
        lowercase: bool = True,
        min_frequency: int = 1,
        **rules: Any,
    ) -> Vocabulary:
        """Learn at most `size` pieces from `texts`; rules: others of `Vocabulary.rules`.

        Pieces longer than MAX_PIECE_CHARACTERS are left out: greedy matching then spells those
        words from shorter ones.
        """
        empty = cls(SPECIAL_PIECES, lowercase, **rules)
        tokenizer = empty._tokenizer
        texts = [_UNASSIGNED.sub(" ", text) for text in texts]
        if empty.canonical:
            forms = NormalForms(empty.reading)
            characters = "".join(forms[character] for character in set().union(*texts))
            marks = combining_classes(characters, empty.clusters)
            rounds = MOST_ROUNDS if empty.reading.decomposes else 0
            texts = list(map(Normalizer(forms, marks, rounds).text, texts))
        initial, inner = alphabet(tokenizer, texts)
        trainer = WordPieceTrainer(
            vocab_size=size,
            min_frequency=min_frequency,
            # The trainer numbers continuation characters in hash order, and ties between merges
            # follow the numbers. Naming the alphabet here fixes both, so the vocabulary is the
            # same in every run.
            special_tokens=[*SPECIAL_PIECES, *initial, *(CONTINUATION + c for c in inner)],
            continuing_subword_prefix=CONTINUATION,
            show_progress=False,
        )
        tokenizer.train_from_iterator(texts, trainer)
        learned = tokenizer.get_vocab(with_added_tokens=False)
        pieces = [p for p in sorted(learned, key=learned.__getitem__) if p not in SPECIAL_PIECES]
        kept = [p for p in pieces if len(p.removeprefix(CONTINUATION)) <= MAX_PIECE_CHARACTERS]
        pieces = [*SPECIAL_PIECES, *kept]
        return cls(pieces, **empty.rules)

    @classmethod
    def load(cls, path: Path, lowercase: bool = True, **rules: Any) -> Vocabulary:
        """Read a BERT `vocab.txt` (a piece a line) or a `tokenizer.json` with a WordPiece model.

        [PAD], [UNK] and [CLS] are moved to the front; the other pieces keep their order. rules:
        others of `Vocabulary.rules`. Where accents are kept such pieces are of composed letters, so
        the vocabulary is not canonical: it reads text as BERT does.
        """
        rest = [piece for piece in read_pieces(path) if piece not in SPECIAL_PIECES]
        try:
            vocabulary = cls([*SPECIAL_PIECES, *rest], lowercase, **rules)
            if vocabulary.reading.decomposes:
                rules = {**vocabulary.rules, "canonical": False}
                vocabulary = cls(vocabulary.pieces, **rules)
            return vocabulary
        except EdgetextError as error:
            raise EdgetextError(f"{path}: {error}") from error

    def limited(self, texts: Sequence[str]) -> Vocabulary:
        """The same with the lowest of WORD_PIECES that leaves all words of `texts` their pieces;
        crowded only where one of them has such a character."""
        tokenizer = rust_tokenizer(self.ids, self.reading, self.clusters, WORD_PIECES[-1])
        most = 0
        for text in texts:
            if self.canonical:
                text = self._normalizer.text(text)
            words = tokenizer.encode(text, add_special_tokens=False).word_ids
            if words:
                most = max(most, int(np.bincount(np.array(words, np.int64)).max()))
        enough = (limit for limit in WORD_PIECES if limit >= most)
        return self.with_pieces(
            self.pieces,
            word_pieces=next(enough, WORD_PIECES[-1]),
            crowded=self.reading.decomposes and any_crowded(texts),
        )

    def with_pieces(self, pieces: Sequence[str], **limits: Any) -> Vocabulary:
        """Give a vocabulary of the same rules; limits: its word_pieces and crowded, if others."""
        kept = {"word_pieces": self.word_pieces, "crowded": self.crowded}
        return Vocabulary(pieces, **{**self.rules, **kept, **limits})

    def encode(self, text: str) -> Encoding:
        """Encode one text; see Encoding for shapes.

        A word of a canonical vocabulary ends where the next one or a space begins: what is dropped
        after its last letter, as an accent or a joiner, is part of it, as in Unicode's own rule for
        words (UAX #29, WB4).
        """
        return self._stretches.encode(text, CLS, self._cut)

    def _cut(self, text: str) -> Encoding:
        """As `encode`, all at once."""
        normal = self._normalizer(text) if self.canonical else None
        read = text if normal is None else normal.text
        encoding = self._tokenizer.encode(read, add_special_tokens=False)
        words = np.array([-1, *(w for w in encoding.word_ids)], dtype=np.int64)
        ids = np.array([CLS, *encoding.ids], dtype=np.int64)
        first = np.zeros(len(words), dtype=bool)
        first[1:] = words[1:] != words[:-1]
        offsets = np.array([(0, 0), *encoding.offsets], dtype=np.int64)
        if normal is not None:
            offsets = normal.in_source(offsets, first)
        if not text.isascii():
            offsets = character_starts(text)[offsets]
        if len(ids) > self.word_pieces:
            ids, first, offsets = _without_long_words(ids, first, offsets, self.word_pieces)
        return Encoding(
            ids=ids,
            first=first,
            start=offsets[:, 0].astype(np.int32),
            end=offsets[:, 1].astype(np.int32),
        )

    def graph(self, *, widen: bool = True, max_bytes: int | None = None) -> TextGraph:
        """Compile it: see text.tokenization.Tokenization."""
        from edgetext.text.graph import TextGraph

        return TextGraph(self, widen=widen)

    def normalize(self, text: str) -> str:
        """The text as the matcher sees it, before words are split."""
        if self.canonical:
            text = self._normalizer.text(text)
        return self._tokenizer.normalizer.normalize_str(text)

    def published(self) -> dict[str, Any]:
        """Give nothing: what a file says of it is its number of pieces and their hash."""
        return {}

    def to_header(self) -> dict[str, Any]:
        """Give the JSON object of a checkpoint; as edgetext 0.1 wrote it where it could have."""
        header = {
            "pieces": self.pieces,
            **self.rules,
            "word_pieces": self.word_pieces,
            "crowded": self.crowded,
        }
        if not self.look_alikes:
            del header["look_alikes"], header["own_scripts"]
        if not self.canonical and self.clusters in ((), FIRST_SCRIPTS):
            del header["canonical"], header["fold_width"], header["crowded"]
            header["clusters"] = bool(self.clusters)
        return header

    @classmethod
    def from_header(cls, header: Mapping[str, Any]) -> Vocabulary:
        """Read what `to_header` gave, in this release or an older one."""
        clusters = header.get("clusters", ())
        if isinstance(clusters, bool):
            clusters = FIRST_SCRIPTS if clusters else ()
        return cls(
            header["pieces"],
            header["lowercase"],
            keep_accents=header.get("keep_accents", False),
            clusters=clusters,
            canonical=header.get("canonical", False),
            fold_width=header.get("fold_width", False),
            word_pieces=header.get("word_pieces", WORD_PIECES[-1]),
            crowded=header.get("crowded", True),
            look_alikes=header.get("look_alikes", False),
            own_scripts=header.get("own_scripts", ()),
        )


def _without_long_words(
    ids: np.ndarray, first: np.ndarray, offsets: np.ndarray, limit: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same, changed, with one [UNK] in the place of each word of more than `limit` pieces."""
    begins = np.flatnonzero(first)
    ends = np.append(begins[1:], len(ids))
    kept = np.ones(len(ids), bool)
    for word in np.flatnonzero(ends - begins > limit):
        begin, end = begins[word], ends[word]
        ids[begin], offsets[begin, 1] = UNK, offsets[end - 1, 1]
        kept[begin + 1 : end] = False
    return ids[kept], first[kept], offsets[kept]
