"""Tiny tokenizers as other libraries write them."""

import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

SENTENCES = [
    "wake me up at seven o'clock tomorrow morning, please!",
    "The naïve café in Zürich plays São Paulo's newest songs",
    "unaffable, unwanted and undone: 1,234 plays",
    "今天天气怎么样 明天叫醒我",
    "한국어 텍스트를",
] * 3


def word_piece(lowercase, strip_accents=None):
    """The content of a tokenizer.json as BERT's are."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(
        lowercase=lowercase, strip_accents=strip_accents
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(
        SENTENCES,
        trainers.WordPieceTrainer(vocab_size=260, special_tokens=special, show_progress=False),
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return tokenizer.to_str()


@pytest.fixture(scope="session")
def contents():
    """By name, the contents of tokenizer.json files."""
    return {"uncased": word_piece(True), "cased": word_piece(False)}
