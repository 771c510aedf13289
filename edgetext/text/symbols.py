"""Symbols: the alphabet of a compiled vocabulary, and the table from UTF-8 bytes to symbols.

A symbol is a small integer that says all that matching needs to know of a character. Characters
that no piece contains share one symbol, so the table of the whole of Unicode stays small.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgetext.text.unicode import DROP, ISOLATED, SPACE, UNASSIGNED, WORD, character_rules
from edgetext.text.vocabulary import CONTINUATION, SPECIAL_PIECES, Vocabulary

# Symbols that every alphabet has. Isolated symbols lie between SPACE_SYMBOL and the first word
# symbol, so one comparison tells whether a character stands alone.
DROP_SYMBOL, SPACE_SYMBOL, CLS_SYMBOL, OTHER_ISOLATED = range(4)

# Two marks are put before the text as "bytes" that no text can hold.
FAIL_BYTE, CLS_BYTE = 256, 257
MARKS = (FAIL_BYTE, CLS_BYTE)
BYTE_VALUES = 258

# A byte that continues no character counts as this much, which lifts any sequence that it breaks
# beyond the last valid index.
NOT_CONTINUATION = 1 << 24


@dataclass(frozen=True)
class Alphabet:
    """isolated, word: piece character → symbol; last_isolated: the highest isolated symbol;
    other_word: the symbol of word characters that no piece contains; size: number of symbols."""

    isolated: dict[str, int]
    word: dict[str, int]
    last_isolated: int
    other_word: int
    size: int


@dataclass(frozen=True)
class ByteTables:
    """The two-level table from a UTF-8 sequence to a code.

    index = base[lead] + Σ weight[lead, k] · continuation[byte k], k = 1, 2, 3, then limited to
    `limit`; code = symbols[index + page[index // block]].

    base int64[258]; weight int64[258, 3]; continuation int64[258]; page int64[limit // block + 1];
    symbols int64[pages · block]; width int64[258], bytes of the character that a lead byte begins;
    expansion int64[codes, parts] or None: a code's symbols where a character has several.
    """

    base: np.ndarray
    weight: np.ndarray
    continuation: np.ndarray
    limit: int
    block: int
    page: np.ndarray
    symbols: np.ndarray
    width: np.ndarray
    expansion: np.ndarray | None


def build_alphabet(vocabulary: Vocabulary) -> Alphabet:
    """Number the characters of the pieces."""
    rules = character_rules(vocabulary.lowercase)
    isolated_characters = {rule.text for rule in rules.values() if rule.kind == ISOLATED}
    isolated, word = set(), set()
    for piece in vocabulary.pieces[len(SPECIAL_PIECES) :]:
        for character in piece.removeprefix(CONTINUATION):
            (isolated if character in isolated_characters else word).add(character)
    first_isolated = OTHER_ISOLATED + 1
    last_isolated = first_isolated + len(isolated) - 1
    other_word = last_isolated + 1
    return Alphabet(
        isolated={c: first_isolated + i for i, c in enumerate(sorted(isolated))},
        word={c: other_word + 1 + i for i, c in enumerate(sorted(word))},
        last_isolated=last_isolated,
        other_word=other_word,
        size=other_word + 1 + len(word),
    )


def build_byte_tables(vocabulary: Vocabulary, alphabet: Alphabet) -> ByteTables:
    """Lay out the table; the block length is the one that gives the smallest file.

    Each UTF-8 length has its own range of indices, so over-long forms and surrogates land on
    entries of their own, which drop them: that is how Python's errors="replace" reads them, as
    U+FFFD, which BERT's normaliser drops.
    """
    codes, expansions = _codes_of_characters(vocabulary, alphabet)
    base = np.zeros(BYTE_VALUES, np.int64)
    weight = np.zeros((BYTE_VALUES, 3), np.int64)
    width = np.ones(BYTE_VALUES, np.int64)
    continuation = np.full(BYTE_VALUES, NOT_CONTINUATION, np.int64)
    continuation[0x80:0xC0] = np.arange(64)

    entries: list[np.ndarray] = []
    size = 0

    def append(values: np.ndarray) -> int:
        nonlocal size
        start = size
        entries.append(values)
        size += len(values)
        return start

    base[:0x80] = append(_range(codes, 0, 0x80)) + np.arange(0x80)
    marks = np.array([alphabet.other_word, CLS_SYMBOL], np.int64)
    base[list(MARKS)] = append(marks) + np.arange(len(MARKS))
    dropped = append(np.zeros(1, np.int64))
    base[0x80:0x100] = dropped
    for length, first_lead, last_lead, mark in ((2, 0xC2, 0xDF, 0xC0), (3, 0xE0, 0xEF, 0xE0)):
        span = 64 ** (length - 1)
        for lead in range(first_lead, last_lead + 1):
            start = (lead - mark) * span
            values = _range(codes, start, start + span)
            if length == 3:
                values[: max(0, 0x800 - start)] = DROP_SYMBOL
            base[lead] = append(values)
    for lead in range(0xF0, 0xF5):
        start = (lead - 0xF0) * 64**3
        values = _range(codes, start, start + 64**3)
        values[: max(0, 0x10000 - start)] = DROP_SYMBOL
        if (values == values[0]).all():
            # A lead whose characters are all alike needs only as many entries as its continuation
            # bytes can sum to.
            base[lead] = append(values[: 3 * 63 + 1])
            weight[lead] = 1
        else:
            base[lead] = append(values)
            weight[lead] = (64**2, 64, 1)
    for lead in range(0xC2, 0xF5):
        width[lead] = length = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
        if length < 4:
            weight[lead, : length - 1] = (64, 1)[3 - length :]
    limit = append(np.zeros(1, np.int64))
    flat = np.concatenate(entries)
    block, page, symbols = min(
        (_pages(flat, block) for block in (64, 128, 256, 512)),
        key=lambda paged: 4 * len(paged[1]) + len(paged[2]),
    )
    return ByteTables(
        base, weight, continuation, limit, block, page, symbols, width,
        _expansion_table(alphabet, expansions),
    )  # fmt: skip


def _codes_of_characters(
    vocabulary: Vocabulary, alphabet: Alphabet
) -> tuple[np.ndarray, list[tuple[int, ...]]]:
    """Code point → code: a symbol, or alphabet.size + i for the i-th of the expansions."""
    codes = np.full(0x110000, DROP_SYMBOL, np.int64)
    for part in UNASSIGNED:
        codes[part.start : part.stop] = alphabet.other_word
    expansions: dict[tuple[int, ...], int] = {}
    for point, rule in character_rules(vocabulary.lowercase).items():
        if rule.kind == SPACE:
            codes[point] = SPACE_SYMBOL
        elif rule.kind == ISOLATED:
            codes[point] = alphabet.isolated.get(rule.text, OTHER_ISOLATED)
        elif rule.kind == WORD:
            parts = tuple(alphabet.word.get(c, alphabet.other_word) for c in rule.text)
            if alphabet.other_word in parts:
                # One unknown character makes the whole word unknown, so one symbol says it all.
                parts = (alphabet.other_word,)
            if len(parts) == 1:
                codes[point] = parts[0]
            else:
                codes[point] = expansions.setdefault(parts, alphabet.size + len(expansions))
        else:
            assert rule.kind == DROP
    return codes, list(expansions)


def _expansion_table(alphabet: Alphabet, expansions: list[tuple[int, ...]]) -> np.ndarray | None:
    if not expansions:
        return None
    table = np.full(
        (alphabet.size + len(expansions), max(map(len, expansions))), DROP_SYMBOL, np.int64
    )
    table[: alphabet.size, 0] = np.arange(alphabet.size)
    for row, parts in enumerate(expansions, start=alphabet.size):
        table[row, : len(parts)] = parts
    return table


def _range(codes: np.ndarray, start: int, stop: int) -> np.ndarray:
    """codes[start:stop], with DROP_SYMBOL beyond the last code point."""
    values = np.zeros(stop - start, np.int64)
    part = codes[start:stop]
    values[: len(part)] = part
    return values


def _pages(flat: np.ndarray, block: int) -> tuple[int, np.ndarray, np.ndarray]:
    padded = np.pad(flat, (0, -len(flat) % block)).reshape(-1, block)
    unique, number = np.unique(padded, axis=0, return_inverse=True)
    # Stored as the distance from the index to its symbol: the graph then adds, with no remainder.
    page = (number.reshape(-1) - np.arange(len(padded))) * block
    return block, page, unique.reshape(-1)
