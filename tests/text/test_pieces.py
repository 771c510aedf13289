"""The perfect hash finds every piece, and nothing else."""

import numpy as np
import pytest

from edgetext.text.pieces import KEY_MASK, RESERVED_RANKS, build_piece_table
from edgetext.text.symbols import SPACE_SYMBOL, build_alphabet
from edgetext.text.vocabulary import SPECIAL_PIECES, UNK, Vocabulary


def made_vocabulary(count, seed=1):
    """`count` pieces, a third of them beginning with the same two letters."""
    generator = np.random.default_rng(seed)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    pieces = dict.fromkeys([*letters, *(f"##{letter}" for letter in letters)])
    while len(pieces) < count:
        stem = "".join(generator.choice(letters, generator.integers(1, 16)))
        mark, start = generator.choice(["", "##"]), generator.choice(["re", "", ""])
        pieces[f"{mark}{start}{stem}"] = None
    return Vocabulary([*SPECIAL_PIECES, *pieces])


def look_up(table, symbols):
    """The rank of one string: the graph's arithmetic, in numpy."""
    with np.errstate(over="ignore"):
        key = int((table.value[symbols] * table.power[: len(symbols)]).sum() & KEY_MASK)
    shift = int(table.shift[key & (len(table.shift) - 1)])
    rank = abs(int(table.key[(key + shift) % len(table.key)]) - key)
    return min(rank, len(table.piece) - 1)


def symbols_of(piece, alphabet):
    symbols = [alphabet.word[character] for character in piece.removeprefix("##")]
    if not piece.startswith("##"):
        symbols[0] += alphabet.size
    return symbols


@pytest.fixture(scope="module")
def compiled():
    vocabulary = made_vocabulary(2500)
    alphabet = build_alphabet(vocabulary)
    return vocabulary, alphabet, build_piece_table(vocabulary, alphabet)


def test_every_piece_is_found_with_its_id_and_length(compiled):
    vocabulary, alphabet, table = compiled
    for index, piece in enumerate(vocabulary.pieces):
        if index >= len(SPECIAL_PIECES):
            symbols = symbols_of(piece, alphabet)
            rank = look_up(table, symbols)
            assert (table.piece[rank], table.length[rank]) == (index, len(symbols))


def test_a_longer_piece_has_a_lower_rank(compiled):
    _, _, table = compiled
    assert (np.diff(table.length[RESERVED_RANKS:]) <= 0).all()


def test_strings_that_are_no_pieces_match_nothing(compiled):
    vocabulary, alphabet, table = compiled
    generator = np.random.default_rng(2)
    none = len(table.piece) - 1
    assert (table.piece[none], table.length[none]) == (UNK, 0)
    for _ in range(5000):
        text = "".join(generator.choice(list("abcdefghijklmnopqrstuvwxyz"), 7))
        for piece in (text, f"##{text}", text[::-1], text[:6]):
            if piece not in vocabulary.ids:
                assert look_up(table, symbols_of(piece, alphabet)) == none


def test_a_space_has_the_rank_that_emits_nothing(compiled):
    _, alphabet, table = compiled
    assert look_up(table, [SPACE_SYMBOL + alphabet.size]) == 0
    assert table.length[0] == 0


def test_the_table_is_the_same_in_every_run(compiled):
    vocabulary, alphabet, table = compiled
    again = build_piece_table(vocabulary, alphabet)
    assert all((vars(table)[name] == vars(again)[name]).all() for name in vars(table))


def test_the_table_is_small(compiled):
    _, _, table = compiled
    assert len(table.key) * 8 <= 1.1 * 2500 * 8
    assert table.shift.max() < 1 << 15


@pytest.mark.parametrize("count", [60, 8_000, 30_000])
def test_vocabularies_of_all_sizes_get_a_full_table(count):
    vocabulary = made_vocabulary(count)
    table = build_piece_table(vocabulary, build_alphabet(vocabulary))
    assert len(table.key) <= 1.1 * count + 16
