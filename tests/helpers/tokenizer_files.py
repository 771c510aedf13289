"""Tiny tokenizers as other libraries write them."""

from tokenizers import (
    AddedToken,
    Tokenizer,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

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


def byte_level(adds_space=False, trims=True, roberta=True):
    """The content of a tokenizer.json as RoBERTa's is."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=adds_space)
    trainer = trainers.BpeTrainer(
        vocab_size=700,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([*SENTENCES, "ha" * 9, "!" * 20, "     x", "it's we'll"], trainer)
    tokenizer.post_processor = (
        processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trims, adds_space)
        if roberta
        else processors.TemplateProcessing(
            single="<s> $A </s>",
            pair="<s> $A </s> $B </s>",
            special_tokens=[("<s>", 0), ("</s>", 2)],
        )
    )
    return tokenizer.to_str()


def unigram(normalizer=None, splits=True, scheme="always"):
    """The content of a tokenizer.json as XLM-R's is."""
    tokenizer = Tokenizer(models.Unigram())
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    metaspace = pre_tokenizers.Metaspace(prepend_scheme=scheme)
    tokenizer.pre_tokenizer = (
        pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), metaspace])
        if splits
        else metaspace
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=150,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        unk_token="<unk>",
        show_progress=False,
    )
    tokenizer.train_from_iterator([*SENTENCES, "0000 00 000", "hahaha!!! ....."], trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    return tokenizer.to_str()


def modern():
    """The content of a tokenizer.json as ModernBERT's is: NFC, and spaces among its tokens."""
    tokenizer = Tokenizer.from_str(byte_level(roberta=False))
    tokenizer.normalizer = normalizers.NFC()
    found = [
        "|||IP_ADDRESS|||",
        *(" " * count for count in range(24, 1, -1)),
        "[unused0]",
        "de\u0301ja",
    ]
    tokenizer.add_tokens([AddedToken(content, normalized=True) for content in found])
    special = [AddedToken(f"[{name}]", special=True) for name in ("UNK", "CLS", "SEP", "PAD")]
    tokenizer.add_special_tokens([*special, AddedToken("[MASK]", special=True, lstrip=True)])
    return tokenizer.to_str()


def stripping(content):
    """The same tokenizer, some of whose tokens take the blanks beside them."""
    tokenizer = Tokenizer.from_str(content)
    tokenizer.add_special_tokens(
        [
            AddedToken("<left>", lstrip=True, normalized=False),
            AddedToken("<right>", rstrip=True, normalized=False),
            AddedToken("<both>", lstrip=True, rstrip=True, normalized=False),
            AddedToken("<both>>", normalized=False),
        ]
    )
    return tokenizer.to_str()


def alone(content):
    """The same tokenizer with tokens that count as words of their own alone."""
    tokenizer = Tokenizer.from_str(content)
    normalized = tokenizer.normalizer is not None and isinstance(
        tokenizer.normalizer, normalizers.NFC
    )
    tokenizer.add_tokens(
        [
            AddedToken("wake", single_word=True, normalized=normalized),
            AddedToken("it's", single_word=True, lstrip=True, normalized=normalized),
            AddedToken("<<", single_word=True, normalized=False),
        ]
    )
    return tokenizer.to_str()
