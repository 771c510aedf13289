"""Symbols: the alphabet of a compiled vocabulary, and the table from UTF-8 bytes to symbols.

A symbol is a small integer that says all that matching needs to know of a character. Characters
that no piece contains share one symbol, so the table of the whole of Unicode stays small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from edgetext.text.character_rules import DROP, END, ISOLATED, SPACE, WORD, CharacterRules
from edgetext.text.characters import Reading, rules
from edgetext.text.clusters import letters, signs
from edgetext.text.marks import BYTE_VALUES, CLS_BYTE, TEXT_END, WITHIN_BYTE
from edgetext.text.unicode import UNASSIGNED
from edgetext.text.vocabulary import CONTINUATION, SPECIAL_PIECES, Vocabulary

# Symbols that every alphabet has. Isolated symbols lie between SPACE_SYMBOL and the first word
# symbol, so one comparison tells whether a character stands alone. Letters of clusters come next,
# then their signs, then the characters of other words.
DROP_SYMBOL, SPACE_SYMBOL, CLS_SYMBOL, OTHER_ISOLATED = range(4)

# So many tables are kept: commands read one model's texts in several runtimes, and each table takes
# half a second.
KEPT = 4

# Continuation bytes count 0 to 63 in a row of the byte trie; any other byte, this; and where the
# text's end tells more, its mark the next.
NO_CONTINUATION = 64
AT_END = 65


@dataclass(frozen=True)
class Alphabet:
    """isolated, word: piece character → symbol, those of clusters among the latter; last_isolated,
    last_letter, last_sign: the highest symbol of a kind, equal where there are no clusters;
    other_word: the symbol of word characters that no piece contains; size: number of symbols;
    clusters: the scripts that have them; whole: texts that are read as one → symbol, isolated."""

    isolated: dict[str, int]
    word: dict[str, int]
    last_isolated: int
    last_letter: int
    last_sign: int
    other_word: int
    size: int
    clusters: tuple[str, ...]
    whole: dict[str, int] = field(default_factory=dict)

    def __hash__(self) -> int:
        """Hash by the symbols of words, which tell most alphabets apart."""
        return hash((self.size, *self.word))

    def symbol(self, character: str) -> int:
        """The symbol of a word character."""
        other = self.other_word
        if self.clusters:
            if character in letters(self.clusters):
                other = self.last_letter
            elif character in signs(self.clusters):
                other = self.last_sign
        return self.word.get(character, other)


@dataclass(frozen=True)
class ByteTables:
    """A trie from a UTF-8 sequence to a code, which all positions walk at once.

    state = root[byte 0]; then three times, k = 1, 2, 3:
    state = min(state, trie[state + continuation[byte k]]); the last state is the code.

    States are offsets in `trie`. A row lies above the rows that it leads to, and the codes are the
    lowest states of all, so the minimum keeps a code that is found early: for the states of codes
    `trie` holds a number above all states.

    root int64[values], of 256 bytes and marks; continuation int64[values], 0 to 63, NO_CONTINUATION
    or AT_END; trie int64[entries]; width int64[values], bytes of the character that a lead
    byte begins;
    expansion int64[codes, parts] or None: a code's symbols where a character has several;
    fits: whether no character has more symbols than bytes.
    """

    root: np.ndarray
    continuation: np.ndarray
    trie: np.ndarray
    width: np.ndarray
    expansion: np.ndarray | None
    fits: bool


def build_alphabet(vocabulary: Vocabulary, whole: Sequence[str] = ()) -> Alphabet:
    """Number the characters of the pieces, and texts that are read whole."""
    isolated_characters = rules(vocabulary.reading).texts(ISOLATED)
    isolated: set[str] = set()
    word: set[str] = set()
    for piece in vocabulary.pieces[len(SPECIAL_PIECES) :]:
        if piece in whole:
            continue
        for character in piece.removeprefix(CONTINUATION):
            (isolated if character in isolated_characters else word).add(character)
    first_isolated = OTHER_ISOLATED + 1
    first_whole = first_isolated + len(isolated)
    last_isolated = first_whole + len(whole) - 1
    begin = sorted(word & letters(vocabulary.clusters))
    go_on = sorted(word & signs(vocabulary.clusters))
    # The last letter and the last sign stand for all that no piece contains.
    last_letter = last_isolated + (len(begin) + 1 if vocabulary.clusters else 0)
    last_sign = last_letter + (len(go_on) + 1 if vocabulary.clusters else 0)
    other_word = last_sign + 1
    others = sorted(word.difference(begin, go_on))
    return Alphabet(
        isolated={c: first_isolated + i for i, c in enumerate(sorted(isolated))},
        word={
            **{c: last_isolated + 1 + i for i, c in enumerate(begin)},
            **{c: last_letter + 1 + i for i, c in enumerate(go_on)},
            **{c: other_word + 1 + i for i, c in enumerate(others)},
        },
        last_isolated=last_isolated,
        last_letter=last_letter,
        last_sign=last_sign,
        other_word=other_word,
        size=other_word + 1 + len(others),
        clusters=vocabulary.clusters,
        whole={text: first_whole + i for i, text in enumerate(whole)},
    )


def build_byte_tables(vocabulary: Vocabulary, alphabet: Alphabet) -> ByteTables:
    """Lay out the trie; equal rows are stored once. Not to be written to: it is kept.

    Bytes that are no valid UTF-8, over-long forms and surrogates among them, get DROP_SYMBOL: that
    is how Python's errors="replace" reads them, as U+FFFD, which BERT's normalizer drops. Of a
    canonical vocabulary, whose words have all that is dropped behind their letters, the first bytes
    of a character at the end of a text are a space: a text that was cut is what most of these are.
    """
    return _byte_tables(vocabulary.reading, alphabet)


@lru_cache(maxsize=KEPT)
def _byte_tables(reading: Reading, alphabet: Alphabet) -> ByteTables:
    codes, expansions = _codes_of_characters(rules(reading), alphabet)
    assert not (reading.canonical and alphabet.whole)
    values = BYTE_VALUES + (1 + len(alphabet.whole) if alphabet.whole else reading.canonical)
    width = lay_out_widths(values)
    at_end = SPACE_SYMBOL if reading.canonical else None
    root, trie = lay_out_trie(codes, alphabet.size + len(expansions), values, at_end)
    root[CLS_BYTE] = CLS_SYMBOL
    for value, (text, symbol) in enumerate(alphabet.whole.items(), start=WITHIN_BYTE + 1):
        root[value], width[value] = symbol, len(text.encode("utf-8"))
    sizes = np.array([*[1] * alphabet.size, *map(len, expansions)])
    most = np.pad(sizes[codes], (0, -len(codes) % 0x800)).reshape(-1, 0x800).max(axis=1)
    fits = bool(most[0] <= 2 and most[1:32].max() <= 3 and most[32:].max() <= 4)
    continuation = lay_out_continuation(values)
    if at_end is not None:
        root[TEXT_END], continuation[TEXT_END] = at_end, AT_END
    return ByteTables(root, continuation, trie, width, _expansion_table(alphabet, expansions), fits)


def lay_out_continuation(values: int) -> np.ndarray:
    """Lay out int64[values], what a byte or mark adds to the state of a trie: see ByteTables."""
    continuation = np.full(values, NO_CONTINUATION, np.int64)
    continuation[0x80:0xC0] = np.arange(64)
    return continuation


def lay_out_widths(values: int) -> np.ndarray:
    """Lay out int64[values], the bytes of the character that a lead byte begins; 1 for all else."""
    width = np.ones(values, np.int64)
    width[0xC2:0xE0], width[0xE0:0xF0], width[0xF0:0xF5] = 2, 3, 4
    return width


def lay_out_trie(
    codes: np.ndarray, count: int, values: int, at_end: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Lay out the trie from UTF-8 to codes, as ByteTables has it.

    codes: int64[0x110000], code point → code; count: one more than the highest; values: how many
    bytes and marks there are; at_end: the code of a character that is cut off where AT_END follows.
    Returns root int64[values] and trie int64[entries].
    """
    rows = _Rows(count, [DROP_SYMBOL] if at_end is None else [DROP_SYMBOL, at_end])
    # A row of 64 code points, then rows of 64 such rows, and so on. What the shorter forms of UTF-8
    # can write is not valid in a longer one.
    leaves = np.pad(codes, (0, -len(codes) % 64**3)).reshape(-1, 64)
    two = rows.add(leaves[0x80 // 64 : 0x800 // 64])
    leaves[: 0x800 // 64] = DROP_SYMBOL
    three = rows.add(rows.add(leaves[: 0x10000 // 64]).reshape(-1, 64))
    leaves[: 0x10000 // 64] = DROP_SYMBOL
    four = rows.add(rows.add(rows.add(leaves).reshape(-1, 64)).reshape(-1, 64))
    root = np.full(values, DROP_SYMBOL, np.int64)
    root[:0x80] = codes[:0x80]
    root[0xC2:0xE0] = two
    root[0xE0:0xF0] = three
    root[0xF0:0xF5] = four
    return root, rows.trie()


class _Rows:
    """The rows of the byte trie in the order in which they were added, each distinct one once."""

    def __init__(self, codes: int, otherwise: list[int]):
        """otherwise: a row's codes where no byte goes on with the character."""
        self._otherwise = otherwise
        self._row = 64 + len(otherwise)
        self._first_state = codes + self._row
        self._states: dict[bytes, int] = {}

    def add(self, rows: np.ndarray) -> np.ndarray:
        """int64[n, 64] of states, all lower than the new ones → int64[n], the state of each row."""
        return np.array([self._state(row.astype(np.int64).tobytes()) for row in rows], np.int64)

    def _state(self, row: bytes) -> int:
        return self._states.setdefault(row, self._first_state + self._row * len(self._states))

    def trie(self) -> np.ndarray:
        above = self._first_state + self._row * len(self._states)
        rows = np.array([[*np.frombuffer(row, np.int64), *self._otherwise] for row in self._states])
        return np.concatenate([np.full(self._first_state, above), rows.reshape(-1)])


def _codes_of_characters(
    by_point: CharacterRules, alphabet: Alphabet
) -> tuple[np.ndarray, list[tuple[int, ...]]]:
    """Code point → code: a symbol, or alphabet.size + i for the i-th of the expansions."""
    codes = np.full(END, DROP_SYMBOL, np.int64)
    for part in UNASSIGNED:
        codes[part.start : part.stop] = alphabet.other_word
    _number_plain(codes, by_point, alphabet)
    expansions: dict[tuple[int, ...], int] = {}
    for point, rule in by_point.changed.items():
        if rule.kind == SPACE:
            codes[point] = SPACE_SYMBOL
        elif rule.kind == ISOLATED:
            codes[point] = alphabet.isolated.get(rule.text, OTHER_ISOLATED)
        elif rule.kind == WORD:
            parts = tuple(map(alphabet.symbol, rule.text))
            if alphabet.other_word in parts and min(parts) > alphabet.last_sign:
                # One unknown character makes the whole word unknown, so one symbol says it all.
                parts = (alphabet.other_word,)
            if len(parts) == 1:
                codes[point] = parts[0]
            else:
                codes[point] = expansions.setdefault(parts, alphabet.size + len(expansions))
        else:
            assert rule.kind == DROP
    return codes, list(expansions)


def _number_plain(codes: np.ndarray, by_point: CharacterRules, alphabet: Alphabet) -> None:
    """Give the characters that stay as they are their symbols."""
    assert not len(by_point.plain(SPACE)), "a space is read as the ordinary one"
    codes[by_point.plain(ISOLATED)] = OTHER_ISOLATED
    codes[by_point.plain(WORD)] = alphabet.other_word
    known = {*alphabet.word, *letters(alphabet.clusters), *signs(alphabet.clusters)}
    symbols = {
        ISOLATED: alphabet.isolated,
        WORD: {character: alphabet.symbol(character) for character in known},
    }
    for kind, of_kind in symbols.items():
        for character, symbol in of_kind.items():
            if by_point.kinds[ord(character)] == kind:
                codes[ord(character)] = symbol


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
