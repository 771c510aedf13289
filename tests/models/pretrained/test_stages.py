"""Reading texts for published weights: what is cut off a text is in no piece, in every runtime."""

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from edgetext.models.pretrained.stages import ReadJoined, ReadPieces
from edgetext.text.imported.tokenizer import ImportedTokenizer

LIMIT = 8


@pytest.fixture(scope="module")
def tokenizer():
    """Byte-level BPE without merges, of which a space is a piece, too."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocab = {piece: number for number, piece in enumerate(["<s>", "</s>", *letters])}
    rust = Tokenizer(models.BPE(vocab, []))
    rust.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    rust.post_processor = processors.RobertaProcessing(("</s>", 1), ("<s>", 0), False, False)
    return ImportedTokenizer.read(rust.to_str(), source="tokenizer.json", max_length=64)


def as_bytes(text):
    return torch.tensor([list(text.encode())], dtype=torch.uint8)


@pytest.mark.parametrize("for_executorch", [False, True])
def test_what_is_cut_off_is_no_piece(tokenizer, for_executorch):
    read = ReadPieces(tokenizer, LIMIT, by_space=True, for_executorch=for_executorch)
    ids, *_, truncated = read(as_bytes("abcdefghi"))
    assert ids[0].tolist() == tokenizer.encode("abcdefgh").ids.tolist()
    assert truncated.item() == 1


@pytest.mark.parametrize("for_executorch", [False, True])
def test_what_is_cut_off_either_of_two_texts_is_no_piece(tokenizer, for_executorch):
    truncation = "longest_first"
    read = ReadJoined(tokenizer, LIMIT, truncation=truncation, for_executorch=for_executorch)
    ids, _, truncated = read(as_bytes("abcdefghi"), as_bytes("jklmnopqr"))
    assert ids[0].tolist() == tokenizer.encode_pair("abcdefgh", "jklmnopq").ids.tolist()
    assert truncated.item() == 1
