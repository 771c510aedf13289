"""What a compiled tokenizer is known to read otherwise is said in words."""

import pytest
from tokenizer_files import byte_level, stripping

from edgetext.text.imported.tokenizer import ImportedTokenizer


def published(content):
    return ImportedTokenizer.read(content, source="tokenizer.json", max_length=64).published()


@pytest.mark.parametrize("name", ["uncased", "unigram", "unigram folded"])
def test_nothing_is_said_where_nothing_differs(contents, name):
    assert published(contents[name])["tokenizer_differs"] == []


def test_rounds_of_merges_are_said(contents):
    said = published(contents["bytes"])
    assert said["tokenizer"] == "BPE"
    (sentence,) = said["tokenizer_differs"]
    assert sentence.startswith("a runtime without loops merges in 12 rounds")


def test_normalizers_that_join_marks_are_named(spelled):
    joined, ordered = published(spelled)["tokenizer_differs"]
    assert "as NFKC would" in joined
    assert ordered == "marks stay in their order, where NFKC would change it"


def test_rounds_of_nfc_are_said(contents):
    _, sentence = published(contents["modern"])["tokenizer_differs"]
    assert sentence == "there, too, NFC orders and joins marks in 4 rounds"


def test_a_blank_that_a_text_begins_with_is_said():
    last = published(stripping(byte_level(adds_space=True)))["tokenizer_differs"][-2:]
    assert last == [
        f"the bytes of {token} leave out a single blank that a text begins with"
        for token in ("<left>", "<both>")
    ]
    others = published(stripping(byte_level()))["tokenizer_differs"]
    assert not any("single blank" in sentence for sentence in others)
