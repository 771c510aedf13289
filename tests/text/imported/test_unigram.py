"""Unigram: what its normalizer makes of characters."""

import pytest
import torch

from edgetext.text.imported.tokenizer import ImportedTokenizer


@pytest.mark.parametrize(
    "text", ["<unk>", "a <unk>b", "ж<unk>ж <unk><unk>", "＜ｓ＞ ＜unk＞", "<s>"]
)
def test_pieces_that_are_spelled_in_a_text_are_found(spelled, text):
    tokenizer = ImportedTokenizer.read(spelled, source="tokenizer.json", max_length=64)
    read = tokenizer.graph()(torch.tensor([list(text.encode())], dtype=torch.uint8))
    encoding = tokenizer.encode(text)
    assert read.ids.tolist() == encoding.ids.tolist()
    assert read.piece_start.tolist() == encoding.start.tolist()
    assert read.piece_end.tolist() == encoding.end.tolist()


@pytest.mark.parametrize("text", ["wake me", "cafe\u0301 x", "e\u0301", "\u0301"])
def test_a_character_that_the_normalizer_drops_is_nothing(drops_accents, text):
    tokenizer = ImportedTokenizer.read(drops_accents, source="tokenizer.json", max_length=64)
    read = tokenizer.graph()(torch.tensor([list(text.encode())], dtype=torch.uint8))
    assert read.ids.tolist() == tokenizer.encode(text).ids.tolist()
