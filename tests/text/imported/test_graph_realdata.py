"""Imported tokenizers as text graphs, and `tokenizers` itself, on every text of the real data."""

import gzip
import json
import os
from pathlib import Path

import pytest
from graph_runtimes import in_onnx_runtime
from tokenizers import (
    AddedToken,
    Tokenizer,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

from edgetext.text.imported.tokenizer import ImportedTokenizer

pytestmark = pytest.mark.realdata

DATA = Path(
    os.environ.get("EDGETEXT_DATA", Path(__file__).parents[4] / "shared" / "data")
).resolve()
# `tokenizers` takes longer for each piece of a longer text.
LONGEST = 20_000
KINDS = ["uncased", "cased", "bytes", "modern", "unigram"]
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def texts():
    """Every line of the files as it lies there, or every string of those that are JSON, once."""
    given = {}
    for path in sorted(path for path in DATA.rglob("*") if path.is_file()):
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        parts = content.decode("utf-8").split("\n")
        if ".json." in path.name:
            parts = strings(json.loads(content))
        elif ".jsonl." in path.name:
            parts = strings([json.loads(part) for part in parts if part])
        given.update(dict.fromkeys(parts))
    return [text[:LONGEST] for text in given if text]


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


def sample():
    return texts()[::8]


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


def modern():
    """As ModernBERT's: text in NFC, and runs of spaces among the tokens."""
    tokenizer = byte_level()
    tokenizer.normalizer = normalizers.NFC()
    spaces = [AddedToken(" " * count, normalized=True) for count in range(24, 1, -1)]
    tokenizer.add_tokens([*spaces, AddedToken("|||IP_ADDRESS|||", normalized=True)])
    tokenizer.add_special_tokens([AddedToken("[MASK]", special=True, lstrip=True)])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    return tokenizer


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    # Those of Unicode's forms differ in marks: see text.imported.differences.
    tokenizer.normalizer = normalizers.Lowercase()
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
        "modern": modern,
        "unigram": unigram,
    }[request.param]()
    return ImportedTokenizer.read(trained.to_str(), source="tokenizer.json", max_length=1 << 20)


def test_every_text_is_cut_as_tokenizers_cuts_it(tokenizer, tmp_path):
    run = in_onnx_runtime(tokenizer.graph(), tmp_path / "text.onnx")
    compared = 0
    for text in texts():
        encoding = tokenizer.encode(text)
        ids, _, _, _, start, end, _ = run(text.encode())
        assert ids == encoding.ids.tolist(), text
        assert start == encoding.start.tolist(), text
        assert end == encoding.end.tolist(), text
        compared += 1
    assert compared > 200_000


def test_fewer_pieces_cut_the_corpus_as_all_of_them(tokenizer):
    """The whole of the texts is as large a corpus as there is here; a part needs fewer pieces."""
    corpus = texts()[1::9]
    uses = tokenizer.uses(corpus)
    fixed = tokenizer.fixed_ids()
    kept = sorted({*fixed, *uses.nonzero()[0].tolist()})
    fewer = tokenizer.with_ids(kept)
    assert len(fixed) < len(fewer) < len(tokenizer)
    for text in corpus:
        before, after = tokenizer.encode(text), fewer.encode(text)
        assert before.ids.tolist() == [kept[index] for index in after.ids], text
        assert before.start.tolist() == after.start.tolist()
        assert before.end.tolist() == after.end.tolist()
