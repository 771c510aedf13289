"""Added tokens are found as `tokenizers` finds them, or refused by name."""

import json

import pytest
import torch
from tokenizer_files import byte_level, modern, unigram, word_piece
from tokenizers import AddedToken, Tokenizer

from edgetext.core.errors import EdgetextError
from edgetext.text.imported.alone import word_characters
from edgetext.text.imported.tokenizer import ImportedTokenizer


def read(content):
    return ImportedTokenizer.read(content, source="tokenizer.json", max_length=400)


@pytest.fixture(scope="module")
def of_spaces():
    return read(modern())


def with_tokens(content, *tokens):
    tokenizer = Tokenizer.from_str(content)
    tokenizer.add_tokens(list(tokens))
    return tokenizer.to_str()


def assert_alike(tokenizer, *texts):
    for graph in (tokenizer.graph(), tokenizer.graph(widen=False)):
        for text in texts:
            assert_same(graph, tokenizer, text)


def assert_same(graph, tokenizer, text):
    given = graph(torch.tensor([list(text.encode())]).to(torch.uint8))
    encoding = tokenizer.encode(text)
    assert given.ids.tolist() == encoding.ids.tolist(), text
    assert given.piece_start.tolist() == encoding.start.tolist(), text
    assert given.piece_end.tolist() == encoding.end.tolist(), text


def test_the_longest_run_of_spaces_is_taken_first(of_spaces):
    assert_alike(of_spaces, *(f"a{' ' * count}b" for count in (1, 2, 23, 24, 25, 26, 49, 300)))


def test_of_tokens_that_overlap_the_first_counts():
    tokens = ["abab", "ba", "bab", "ab", "aba"]
    tokenizer = read(with_tokens(byte_level(), *tokens))
    assert_alike(tokenizer, "abababab", "babab", "xaba bab", "aabab", "bababa" * 9)


def test_blanks_of_every_kind_belong_to_a_token_that_takes_them():
    left = AddedToken("<l>", lstrip=True, normalized=False)
    right = AddedToken("<r>", rstrip=True, normalized=False)
    blanks = "\t\n\v\f\r \x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000"
    for content in (byte_level(), byte_level(roberta=False), word_piece(True), unigram()):
        tokenizer = read(with_tokens(content, left, right))
        assert_alike(
            tokenizer,
            f"a{blanks}<l>{blanks}b<r>{blanks}c",
            f"{blanks}<l><r>{blanks}<l>{blanks}",
            "a \x1c<l>b<r>\u200b c",
        )


def test_a_token_of_normalized_text_is_found_in_either_form(of_spaces):
    texts = ("de\u0301ja", "d\u00e9ja", "de\u0301jade\u0301\u0301ja [MASK]\u0301")
    assert_alike(of_spaces, *texts)


def words(*contents, **choices):
    return [AddedToken(content, single_word=True, **choices) for content in contents]


CONTENTS = {
    "bytes": byte_level,
    "modern": modern,
    "pieces": lambda: word_piece(True),
    "unigram": unigram,
    "unigram with its spaces": lambda: unigram(splits=False, scheme="first"),
}
BESIDE = [
    "up", "wake up", "up wake", "wakeup", "upwake", "up.", "(up)", "up_", "_up", "up1", "1up",
    "\u00e9up", "up\u00e9", "\u65e5up\u672c", "\u2014up\u2014", "up\u0301", "up\u200d", "\u24b6up",
    "up-up", "upup", "up up", "<w>", "a<w>", "<w>a", "<w><w>", "<w>up", "up<w>", "\U0001f600up",
    "up\U0001f600", "\U00010400up", "up\u0660", "upon", "on", "up on", "x\tup\n", "",
]  # fmt: skip


def assert_alike_beside(kind, tokens, *texts):
    """Where "up" is a piece that begins words, WordPiece has another word."""
    word = "uq" if kind == "pieces" else "up"
    tokens = [
        AddedToken(
            token.content.replace("up", word),
            single_word=token.single_word,
            lstrip=token.lstrip,
            normalized=False,
        )
        for token in tokens
    ]
    tokenizer = read(with_tokens(CONTENTS[kind](), *tokens))
    assert_alike(tokenizer, *(text.replace("up", word) for text in (*BESIDE, *texts)))


@pytest.mark.parametrize("kind", CONTENTS)
def test_a_token_that_is_a_word_of_its_own_counts_alone(kind):
    assert_alike_beside(kind, words("up", "<w>", "<m>"))


@pytest.mark.parametrize("kind", CONTENTS)
def test_a_token_that_does_not_count_leaves_no_room_for_a_shorter_one(kind):
    tokens = [*words("up", "upon"), AddedToken("on"), *words("left", lstrip=True)]
    texts = ["upon", "upons", "xupon on", "up on", "a left", "aleft b", " left\u00e9", "left  left"]
    assert_alike_beside(kind, tokens, *texts)


def test_beside_what_was_found_before_it_a_token_is_alone():
    tokens = [*words("up", normalized=True), AddedToken("wake", normalized=False)]
    for content in (byte_level(), modern()):
        assert_alike(read(with_tokens(content, *tokens)), "wakeup", "upwake", "awakeup", *BESIDE)


def test_the_characters_of_words_are_those_of_the_library():
    tokenizer = Tokenizer.from_str(with_tokens(byte_level(), *words("<w>", normalized=False)))
    codes = word_characters()
    for point in [*range(0x80), *range(0x80, 0x110000, 997)]:
        if not 0xD800 <= point < 0xE000:
            encoding = tokenizer.encode(chr(point) + "<w>", add_special_tokens=False)
            assert ("<w>" in encoding.tokens) == (codes[point] == 2), hex(point)


def test_a_piece_that_is_a_word_of_its_own_alone_is_named():
    with pytest.raises(EdgetextError, match="have 'up' with single_word, which is a piece too"):
        read(with_tokens(word_piece(True), *words("up", normalized=False)))


REFUSED = [
    (
        [AddedToken("<r>", rstrip=True), AddedToken("  ")],
        "have '<r>' with rstrip beside '  ', which begins with a blank",
    ),
]


@pytest.mark.parametrize(("tokens", "message"), REFUSED)
def test_a_token_that_cannot_be_found_is_named(tokens, message):
    with pytest.raises(EdgetextError, match=message):
        read(with_tokens(byte_level(), *tokens))


def test_a_token_of_folded_text_is_named():
    content = with_tokens(word_piece(True), AddedToken("Wake", normalized=True))
    with pytest.raises(EdgetextError, match="have 'Wake', which is found in normalized text"):
        read(content)
    settings = json.loads(content)
    settings["added_tokens"][-1]["normalized"] = False
    assert_alike(read(json.dumps(settings)), "Wake wake")
