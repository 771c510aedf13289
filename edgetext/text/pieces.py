"""The piece table: a perfect hash from a string of symbols to its piece.

A string s_0 … s_{n-1} has the key Σ value[s_k] · power[k] mod 2^62, with a random value for each
symbol (Carter & Wegman 1979, universal hashing). Wrapping 64-bit arithmetic is the same in every
runtime; a remainder is so only of positive numbers, for ONNX floors and ExecuTorch truncates, hence
2^62. A word's first symbol has a value of its own, so "a" and "##a" differ, and no piece reaches
across the start of a word. Slots follow hash and displace (Belazzouga, Botelho & Dietzfelbinger
2009, "CHD"): slot = (key + shift[key mod buckets]) mod slots, where buckets is a power of two and
slots is prime, so that the two remainders are independent.

Pieces never share a slot: building tries seeds until they don't. A string that is no piece is taken
for one only when its key comes within `ranks` of that piece's key and leads to the same slot. Keys
are as good as random, so for one string that has a probability of
    pieces · (1 + 2 · ranks / slots) / 2^62 = 2^-49 with 2,500 pieces,
once in 10^12 texts of 700 strings (53 bytes), and then in every runtime alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from edgetext.text.placing import place, prime
from edgetext.text.symbols import CLS_SYMBOL, KEPT, SPACE_SYMBOL, Alphabet
from edgetext.text.vocabulary import CLS, CONTINUATION, SPECIAL_PIECES, UNK, Vocabulary

# Leaves room for a shift or a rank on top.
KEY_MASK = (1 << 62) - 1
# Rank 0 is the space, which emits nothing; rank 1 stands for [UNK]; pieces follow, the longest
# first; the rank after the last says that nothing matches.
RESERVED_RANKS = 2
# Slots for each string, and strings for each bucket: a fuller table takes longer to build.
ROOM = 1.04
BUCKET_SIZE = 4


@dataclass(frozen=True)
class HashedStrings:
    """symbols int64[strings, longest], -1 behind a string's end; value int64[values], by symbol;
    power int64[longest], by place; string int64[strings], each string's key with all its 64 bits,
    and rank int64[strings]; shift int64[buckets]; key int64[slots], the string's key mod 2^62 plus
    its rank."""

    symbols: np.ndarray
    value: np.ndarray
    power: np.ndarray
    string: np.ndarray
    rank: np.ndarray
    shift: np.ndarray
    key: np.ndarray


@dataclass(frozen=True)
class PieceTable(HashedStrings):
    """Strings of pieces: the second half of `value` is for a word's first symbol;
    piece int64[ranks + 1], rank → id in the vocabulary; length int64[ranks + 1], rank → symbols.
    Ranks fall with length, so the lowest rank that matches is the longest piece. The last entry of
    `piece` and `length` is for "no match": [UNK], and no step. The space has no step either."""

    piece: np.ndarray
    length: np.ndarray


def build_piece_table(vocabulary: Vocabulary, alphabet: Alphabet) -> PieceTable:
    """Build the table of the pieces that a text can reach. Not to be written to: it is kept.

    A piece that mixes punctuation with letters, or has characters that the normalizer never
    leaves, cannot match in the reference either, and is left out.
    """
    return _piece_table(tuple(vocabulary.pieces), alphabet)


@lru_cache(maxsize=KEPT)
def _piece_table(names: tuple[str, ...], alphabet: Alphabet) -> PieceTable:
    pieces = _reachable(names, alphabet)
    pieces.sort(key=lambda item: (-len(item[0]), item[1]))
    strings = [[SPACE_SYMBOL + alphabet.size], *(string for string, _ in pieces)]
    ranks = np.array([0, *range(RESERVED_RANKS, RESERVED_RANKS + len(pieces))], np.int64)
    hashed = hash_strings(strings, ranks, 2 * alphabet.size)
    return PieceTable(
        **vars(hashed),
        piece=np.array([UNK, UNK, *(piece for _, piece in pieces), UNK], np.int64),
        length=np.array([0, 0, *(len(string) for string, _ in pieces), 0], np.int64),
    )


def hash_strings(strings: Sequence[Sequence[int]], ranks: np.ndarray, values: int) -> HashedStrings:
    """Lay out strings of symbols below `values`, each with its rank."""
    longest = max(map(len, strings))
    symbols = np.full((len(strings), longest), -1, np.int64)
    for row, string in enumerate(strings):
        symbols[row, : len(string)] = string
    slots = prime(int(len(strings) * ROOM) + 8)
    buckets = 1 << (len(strings) // BUCKET_SIZE).bit_length()
    for seed in range(1000):
        generator = np.random.Generator(np.random.PCG64(seed))
        limit = np.iinfo(np.int64)
        value = generator.integers(limit.min, limit.max, values, np.int64)
        power = generator.integers(limit.min, limit.max, longest, np.int64) | 1
        with np.errstate(over="ignore"):
            whole = np.where(symbols >= 0, value[symbols] * power, 0).sum(axis=1)
        keys = whole & KEY_MASK
        placed = None
        if len(np.unique(keys)) == len(keys):
            placed = place(keys & (buckets - 1), keys % slots, buckets, slots)
        if placed is None:
            continue
        shift, slot_of = placed
        table = generator.integers(0, KEY_MASK, slots, np.int64)
        with np.errstate(over="ignore"):
            table[slot_of] = keys + ranks
        return HashedStrings(
            symbols=symbols,
            value=value,
            power=power,
            string=whole,
            rank=ranks,
            shift=shift,
            key=table,
        )
    raise AssertionError("no seed of 1000 gave a perfect hash")


def _reachable(names: Sequence[str], alphabet: Alphabet) -> list[tuple[list[int], int]]:
    """(symbols, piece id) of every piece that can match; a word's first symbol is raised by
    alphabet.size."""
    strings = [([CLS_SYMBOL + alphabet.size], CLS)]
    for index, piece in enumerate(names):
        if piece in alphabet.whole:
            strings.append(([alphabet.whole[piece] + alphabet.size], index))
            continue
        if index < len(SPECIAL_PIECES):
            continue
        inner = piece.startswith(CONTINUATION) and len(piece) > len(CONTINUATION)
        text = piece.removeprefix(CONTINUATION) if inner else piece
        if not inner and len(text) == 1 and text in alphabet.isolated:
            strings.append(([alphabet.isolated[text] + alphabet.size], index))
        elif text and all(character in alphabet.word for character in text):
            string = [alphabet.word[character] for character in text]
            if _letter_within(string[0 if inner else 1 :], alphabet):
                continue
            if not inner:
                string[0] += alphabet.size
            strings.append((string, index))
    return strings


def _letter_within(string: list[int], alphabet: Alphabet) -> bool:
    """Whether a piece has a letter of a cluster where only a word's first character can be."""
    if alphabet.last_isolated == alphabet.last_letter:
        return False
    return any(alphabet.last_isolated < symbol <= alphabet.last_letter for symbol in string)
