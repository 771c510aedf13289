"""The piece table: a perfect hash from a string of symbols to its piece.

A string s_0 … s_{n-1} at a position has the key Σ value[s_k] · power[k] mod 2^64: a polynomial
with a random 64-bit value for each symbol (Carter & Wegman 1979, universal hashing; wrapping
64-bit arithmetic is the same in every runtime). A word's first symbol has a value of its own, so
"a" and "##a" differ, and no piece reaches across the start of a word. Slots follow hash and
displace (Belazzouga, Botelho & Dietzfelbinger 2009, "CHD").

Keys of distinct strings in the table never collide: building tries seeds until they don't. A string
outside it is taken for a piece with a probability below 2^-50.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgetext.text.symbols import CLS_SYMBOL, Alphabet
from edgetext.text.vocabulary import CLS, CONTINUATION, SPECIAL_PIECES, UNK, Vocabulary

SLOT_SHIFT = 1 << 20
# Keeps the displacements in int16.
MAX_DISPLACEMENT = 1 << 14
# Rank 0 says that nothing matches, rank 1 stands for [UNK]; pieces follow.
FIRST_RANK = 2


@dataclass(frozen=True)
class PieceTable:
    """value int64[2 · symbols], the second half for a word's first symbol; power int64[longest];
    displacement int64[buckets]; key int64[slots], the string's key plus its piece's rank;
    piece int64[ranks], rank → id in the vocabulary; length int64[ranks], rank → symbols.
    Ranks grow with length, so the highest rank that matches is the longest piece; ranks 0 (no
    match) and 1 ([UNK]) are no piece's.
    buckets and slots are powers of two."""

    value: np.ndarray
    power: np.ndarray
    displacement: np.ndarray
    key: np.ndarray
    piece: np.ndarray
    length: np.ndarray


def build_piece_table(vocabulary: Vocabulary, alphabet: Alphabet) -> PieceTable:
    """Build the table of the pieces that a text can reach.

    A piece that mixes punctuation with letters, or has characters that the normaliser never
    leaves, cannot match in the reference either, and is left out.
    """
    strings = _reachable(vocabulary, alphabet)
    strings.sort(key=lambda item: (len(item[0]), item[1]))
    longest = max(len(string) for string, _ in strings)
    slots = 1 << max(3, (len(strings) * 8 // 7 - 1).bit_length())
    buckets = max(1, slots // 4)
    symbols = np.full((len(strings), longest), -1, np.int64)
    for row, (string, _) in enumerate(strings):
        symbols[row, : len(string)] = string
    for seed in range(1000):
        generator = np.random.Generator(np.random.PCG64(seed))
        limit = np.iinfo(np.int64)
        value = generator.integers(limit.min, limit.max, 2 * alphabet.size, np.int64)
        power = generator.integers(limit.min, limit.max, longest, np.int64) | 1
        with np.errstate(over="ignore"):
            keys = np.where(symbols >= 0, value[symbols] * power, 0).sum(axis=1)
        placed = _place(keys, buckets, slots)
        if placed is None:
            continue
        displacement, slot_of = placed
        table = generator.integers(limit.min, limit.max, slots, np.int64)
        with np.errstate(over="ignore"):
            table[slot_of] = keys + np.arange(len(strings)) + FIRST_RANK
        return PieceTable(
            value=value,
            power=power,
            displacement=displacement,
            key=table,
            piece=np.array([UNK, UNK, *(piece for _, piece in strings)], np.int64),
            length=np.array([0, 0, *(len(string) for string, _ in strings)], np.int64),
        )
    raise AssertionError("no seed of 1000 gave a perfect hash")


def _reachable(vocabulary: Vocabulary, alphabet: Alphabet) -> list[tuple[list[int], int]]:
    """(symbols, piece id) of every piece that can match; a word's first symbol is shifted by
    alphabet.size."""
    found = [([CLS_SYMBOL + alphabet.size], CLS)]
    for index, piece in enumerate(vocabulary.pieces):
        if index < len(SPECIAL_PIECES):
            continue
        inner = piece.startswith(CONTINUATION) and len(piece) > len(CONTINUATION)
        text = piece.removeprefix(CONTINUATION) if inner else piece
        if not inner and len(text) == 1 and text in alphabet.isolated:
            found.append(([alphabet.isolated[text] + alphabet.size], index))
        elif text and all(character in alphabet.word for character in text):
            string = [alphabet.word[character] for character in text]
            if not inner:
                string[0] += alphabet.size
            found.append((string, index))
    return found


def _place(keys: np.ndarray, buckets: int, slots: int) -> tuple[np.ndarray, np.ndarray] | None:
    """Displacement of each bucket and slot of each key, or None when this seed has no solution."""
    if len(np.unique(keys)) < len(keys):
        return None
    bucket = keys & (buckets - 1)
    # Truncating division, as in ONNX and C.
    quotient = np.where(keys < 0, -(-keys // SLOT_SHIFT), keys // SLOT_SHIFT)
    displacement = np.zeros(buckets, np.int64)
    slot_of = np.zeros(len(keys), np.int64)
    taken = np.zeros(slots, bool)
    order = np.argsort(bucket, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(bucket[order])) + 1)
    for group in sorted(groups, key=len, reverse=True):
        home = quotient[group] & (slots - 1)
        if len(np.unique(home)) < len(home):
            return None
        for shift in range(min(slots, MAX_DISPLACEMENT)):
            place = (home + shift) & (slots - 1)
            if not taken[place].any():
                taken[place] = True
                slot_of[group] = place
                displacement[bucket[group[0]]] = shift
                break
        else:
            return None
    return displacement, slot_of
