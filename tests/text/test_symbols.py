"""The byte trie, walked in numpy over all of Unicode and all short byte sequences."""

import unicodedata
from itertools import product

import numpy as np
import pytest

from edgetext.text.marks import CLS_BYTE
from edgetext.text.symbols import (
    CLS_SYMBOL,
    DROP_SYMBOL,
    OTHER_ISOLATED,
    SPACE_SYMBOL,
    build_alphabet,
    build_byte_tables,
)
from edgetext.text.vocabulary import Vocabulary

PIECES = ["[PAD]", "[UNK]", "[CLS]", "a", "##b", "!", "é", "e", "今", "👍", "ᄒ", "##ᅡ", "##ᆫ"]


@pytest.fixture(
    scope="module",
    params=[(True, True), (False, True), (False, False)],
    ids=["uncased", "cased", "as written"],
)
def compiled(request):
    lowercase, canonical = request.param
    vocabulary = Vocabulary(PIECES, lowercase, canonical=canonical)
    alphabet = build_alphabet(vocabulary)
    return alphabet, build_byte_tables(vocabulary, alphabet), canonical


def walk(tables, sequences):
    """uint8[n, 4] → the code of each sequence."""
    state = tables.root[sequences[:, 0]]
    for k in (1, 2, 3):
        following = tables.trie[state + tables.continuation[sequences[:, k]]]
        state = np.minimum(state, following)
    return state


def sequence(character):
    data = character.encode()
    # What comes after a character must not matter, be it a continuation byte or a letter.
    return [*data, *b"\x80a\xbf"][:4], [*data, *b"b\xbf\x80"][:4]


def test_what_follows_a_character_does_not_change_its_code(compiled):
    _, tables, _ = compiled
    points = [*range(0xD800), *range(0xE000, 0x10000), *range(0x10000, 0x110000, 16)]
    characters = [chr(point) for point in points]
    one, other = zip(*map(sequence, characters), strict=True)
    assert (walk(tables, np.array(one)) == walk(tables, np.array(other))).all()


def test_characters_get_the_symbols_of_their_normal_forms(compiled):
    alphabet, tables, canonical = compiled
    uncased = (
        "A" not in alphabet.word
        and walk(tables, np.array([[0x41, 0, 0, 0]])) == (alphabet.word["a"])
    )
    # No piece has the accent of a decomposed letter.
    composed = alphabet.other_word if canonical else alphabet.word["é"]
    expected = {
        "a": alphabet.word["a"],
        "A": alphabet.word["a"] if uncased else alphabet.other_word,
        "é": alphabet.word["e"] if uncased else composed,
        "z": alphabet.other_word,
        "!": alphabet.isolated["!"],
        "?": OTHER_ISOLATED,
        "今": alphabet.isolated["今"],
        "天": OTHER_ISOLATED,
        "👍": alphabet.word["👍"],
        " ": SPACE_SYMBOL,
        "\u3000": SPACE_SYMBOL,
        "\x00": DROP_SYMBOL,
        "\ufffd": DROP_SYMBOL,
        "\u00ad": DROP_SYMBOL,
    }
    codes = walk(tables, np.array([sequence(character)[0] for character in expected]))
    assert dict(zip(expected, codes.tolist(), strict=True)) == expected


def test_a_syllable_that_decomposes_has_one_code_for_its_symbols(compiled):
    alphabet, tables, _ = compiled
    (code,) = walk(tables, np.array([sequence("한")[0]]))
    if tables.expansion is None:
        assert code == alphabet.other_word
    else:
        parts = [alphabet.word[jamo] for jamo in unicodedata.normalize("NFD", "한")]
        assert tables.expansion[code].tolist()[: len(parts)] == parts


def test_bytes_that_are_no_character_are_dropped(compiled):
    _, tables, _ = compiled
    values = [0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC2, 0xE0, 0xFF]
    grid = np.array(list(product(range(0x80, 0x100), values, values, values)))
    codes = walk(tables, grid)
    for row, code in zip(grid.astype(np.uint8), codes, strict=True):
        data = row.tobytes()
        if not any(is_character(data[:length]) for length in (2, 3, 4)):
            assert code == DROP_SYMBOL, data


def is_character(data):
    try:
        return len(data.decode()) == 1
    except UnicodeDecodeError:
        return False


def test_the_mark_is_no_character_of_any_text(compiled):
    _, tables, _ = compiled
    assert tables.root[CLS_BYTE] == CLS_SYMBOL
    assert (tables.root[:CLS_BYTE] != CLS_SYMBOL).all()


def test_equal_vocabularies_share_their_tables_and_no_others_do():
    def tables(pieces, **rules):
        vocabulary = Vocabulary(pieces, **rules)
        return build_byte_tables(vocabulary, build_alphabet(vocabulary))

    first = tables(PIECES)
    assert tables(list(PIECES)) is first
    others = [tables(PIECES, lowercase=False), tables(PIECES, keep_accents=True)]
    others.append(tables([*PIECES[:-1], "##ᆮ"]))
    assert len({id(table) for table in (first, *others)}) == 4
    assert not np.array_equal(first.trie, others[0].trie)
