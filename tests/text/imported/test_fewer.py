"""A tokenizer with the pieces that a corpus needs cuts the corpus as with all its pieces."""

import json
import random

import pytest
from hard_texts import TEXTS, texts
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizer_files import SENTENCES
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from edgetext.text.imported.fewer import longest_pieces, needed
from edgetext.text.imported.tokenizer import ImportedTokenizer

NAMES = ["uncased", "bytes", "bytes stripped", "modern", "unigram", "unigram folded"]
NAMES += ["unigram stripped with its spaces", "uncased stripped", "bytes after a space"]


def read(content, max_length=512):
    return ImportedTokenizer.read(content, source="tokenizer.json", max_length=max_length)


def in_use(tokenizer, corpus, size=0):
    """The tokenizer with the pieces that a corpus needs, or the `size` that it needs most."""
    uses = tokenizer.uses(corpus)
    uses[sorted(tokenizer.fixed_ids())] = uses.max() + 1
    size = size or int((uses > 0).sum())
    return tokenizer.with_ids(sorted((-uses).argsort(kind="stable")[:size].tolist()))


def cut_of(tokenizer, text):
    """The pieces of a text, and where they stand."""
    encoding = tokenizer.encode(text)
    pieces = [tokenizer.pieces[index] for index in encoding.ids]
    return list(zip(pieces, encoding.start.tolist(), encoding.end.tolist(), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_every_text_of_the_corpus_is_cut_as_before(contents, name):
    whole = read(contents[name])
    corpus = [*SENTENCES[:2], *list(TEXTS.values())[::3]]
    fewer = in_use(whole, corpus)
    assert len(fewer) < len(whole)
    for text in corpus:
        assert cut_of(fewer, text) == cut_of(whole, text), text
    # Nor is anything in another text unknown that was known.
    for text in TEXTS.values():
        unknown = [
            sum(piece in ("<unk>", "[UNK]") for piece, *_ in cut_of(x, text))
            for x in (whole, fewer)
        ]
        assert unknown[1] <= unknown[0], text


@pytest.mark.parametrize("name", ["bytes", "modern", "unigram", "uncased"])
@settings(max_examples=25, deadline=None)
@given(corpus=st.lists(texts(), max_size=6))
def test_whatever_the_corpus_is(contents, name, corpus):
    whole = read(contents[name])
    fewer = in_use(whole, corpus)
    for text in corpus:
        assert cut_of(fewer, text) == cut_of(whole, text)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), words=st.lists(st.text("ab", min_size=1), min_size=1))
def test_merges_that_never_happen_change_no_other(seed, words):
    """Random merges over two letters, in which nearly everything hangs on everything."""
    whole = read(random_merges(seed))
    fewer = in_use(whole, words)
    for word in words:
        assert cut_of(fewer, word) == cut_of(whole, word)


def random_merges(seed):
    """The content of a file with random merges of a and b, each piece made in one way."""
    dice = random.Random(seed)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 1), ("<s>", 0))
    content = json.loads(tokenizer.to_str())
    pieces, merges = ["a", "b"], []
    for _ in range(24):
        left, right = dice.choice(pieces), dice.choice(pieces)
        if left + right not in pieces:
            merges.append([left, right])
            pieces.append(left + right)
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    names = ["<s>", "</s>", *letters, *pieces[2:]]
    content["model"] |= {"vocab": {p: i for i, p in enumerate(names)}, "merges": merges}
    return json.dumps(content)


@pytest.mark.parametrize("size", [262, 270, 290])
def test_of_any_number_of_pieces_the_parts_are_among_them(contents, size):
    whole = read(contents["bytes"])
    fewer = in_use(whole, SENTENCES, size)
    assert len(fewer) == size
    kept = set(fewer.pieces)
    for text in SENTENCES:
        before = cut_of(whole, text)
        if {piece for piece, *_ in before} <= kept:
            assert cut_of(fewer, text) == before


def test_of_equal_scores_the_same_path_stays(contents):
    """Every split of "aaaa" into pieces is as likely as every other."""
    content = json.loads(contents["unigram"])
    special = [entry for entry in content["model"]["vocab"] if entry[0].startswith("<")]
    pieces = [*("a" * n for n in (1, 2, 3, 4)), *("\u2581" + "a" * n for n in (0, 1, 2, 3))]
    content["model"]["vocab"] = [*special, *([piece, -1.0 * len(piece)] for piece in pieces)]
    whole = read(json.dumps(content))
    for corpus in (["aa"], ["aaaa"], ["aaaaa", "a"], ["aaaaaaaaaaa"]):
        fewer = in_use(whole, corpus)
        for text in corpus:
            assert cut_of(fewer, text) == cut_of(whole, text)


def test_what_is_unknown_costs_as_before(contents):
    """The lowest score counts for it, whoever has it."""
    whole = read(contents["unigram"])
    lowest = min(whole.scores)
    assert min(in_use(whole, ["wake"]).scores) == lowest
    assert whole.scores.index(lowest) in needed(whole.settings)


def test_a_word_that_is_unknown_stays_unknown(contents):
    """Without "xc" the word would be "x" and "##cd"."""
    content = json.loads(contents["uncased"])
    content["model"]["vocab"] |= {"xc": 900, "##cd": 901}
    for piece in ("##d", "##e"):
        content["model"]["vocab"].pop(piece, None)
    whole = read(json.dumps(content))
    assert list(longest_pieces(content["model"]["vocab"], "xcd")) == [900]
    corpus = ["xcd", "acd"]
    fewer = in_use(whole, corpus)
    assert "[UNK]" in [piece for piece, *_ in cut_of(whole, "xcd")]
    for text in corpus:
        assert cut_of(fewer, text) == cut_of(whole, text)


def test_pieces_beyond_what_is_read_of_a_text_count(contents):
    """A long text is read in windows."""
    whole = read(contents["bytes"], max_length=5)
    fewer = in_use(whole, ["wake me up at seven o'clock tomorrow morning"])
    assert "\u0120morning" in fewer.pieces


def test_added_tokens_and_padding_keep_their_meaning(contents):
    whole = read(contents["modern"])
    fewer = in_use(whole, ["wake"])
    assert list(fewer.added) == list(whole.added)
    assert fewer.pieces[fewer.pad] == whole.pieces[whole.pad] == "[PAD]"
    again = ImportedTokenizer.from_header(json.loads(json.dumps(fewer.to_header())))
    assert cut_of(again, "a  b [MASK]") == cut_of(whole, "a  b [MASK]")
