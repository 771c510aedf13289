"""Imported tokenizers as text graphs, and `tokenizers` itself, on every line of the real data."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from edgetext.text.imported.tokenizer import ImportedTokenizer

pytestmark = pytest.mark.realdata

DATA = Path(
    os.environ.get("EDGETEXT_DATA", Path(__file__).parents[4] / "shared" / "data")
).resolve()
# A line of JSON can hold a whole data set.
LONGEST = 2000
KINDS = ["uncased", "cased", "bytes", "unigram"]
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def lines(path):
    """Every line as it lies in the file, in parts of at most LONGEST characters."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            text = line.decode("utf-8", "replace").rstrip("\n")
            for at in range(0, max(1, len(text)), LONGEST):
                yield text[at : at + LONGEST] or " "


def files():
    return sorted(path for path in DATA.rglob("*") if path.is_file())


def sample():
    """Lines of every file, so of all languages."""
    return [text for path in files() for text in list(lines(path))[::8]]


def word_piece(lowercase):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(
        sample(),
        trainers.WordPieceTrainer(vocab_size=30522, special_tokens=BERT, show_progress=False),
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return tokenizer


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=30000,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(sample(), trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), True, False)
    return tokenizer


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKD()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=8000, special_tokens=SPECIAL, unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(sample()[::3], trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    return tokenizer


@pytest.fixture(scope="module", params=KINDS)
def tokenizer(request):
    if not DATA.is_dir():
        pytest.skip("no real data here")
    trained = {
        "uncased": lambda: word_piece(True),
        "cased": lambda: word_piece(False),
        "bytes": byte_level,
        "unigram": unigram,
    }[request.param]()
    return ImportedTokenizer.read(trained.to_str(), source="tokenizer.json", max_length=1 << 20)


def test_every_line_is_cut_as_tokenizers_cuts_it(tokenizer):
    graph = tokenizer.graph().eval()
    compared = 0
    for path in files():
        for text in dict.fromkeys(lines(path)):
            encoding = tokenizer.encode(text)
            pieces = graph(torch.frombuffer(bytearray(text.encode()), dtype=torch.uint8)[None])
            assert np.array_equal(pieces.ids, encoding.ids), text
            assert np.array_equal(pieces.piece_start, encoding.start), text
            assert np.array_equal(pieces.piece_end, encoding.end), text
            compared += 1
    assert compared > 100_000
