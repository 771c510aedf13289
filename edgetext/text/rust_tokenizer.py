"""The Rust library `tokenizers` in BERT's configuration, which trains and reads vocabularies."""

from __future__ import annotations

from collections.abc import Iterable

from tokenizers import Regex, Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer, Split
from tokenizers.pre_tokenizers import Sequence as PreTokenizers

from edgetext.text.characters import Reading
from edgetext.text.clusters import pattern

CONTINUATION = "##"


def rust_tokenizer(
    vocab: dict[str, int],
    reading: Reading,
    clusters: tuple[str, ...],
    word_pieces: int,
) -> Tokenizer:
    """Make the tokenizer of these pieces. word_pieces: more of which make a word [UNK]."""
    # No piece is registered as a special token: otherwise the words "[CLS]" in a user's text would
    # be read as the piece instead of as text.
    longest = max(len(piece.removeprefix(CONTINUATION)) for piece in vocab)
    model = WordPiece(
        vocab,
        unk_token="[UNK]",
        continuing_subword_prefix=CONTINUATION,
        # No longer word has few enough pieces.
        max_input_chars_per_word=word_pieces * longest,
    )
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = BertNormalizer(
        clean_text=True,
        handle_chinese_chars=True,
        strip_accents=reading.strips_accents,
        lowercase=reading.lowercase,
    )
    tokenizer.pre_tokenizer = BertPreTokenizer()
    if clusters:
        tokenizer.pre_tokenizer = PreTokenizers(
            [BertPreTokenizer(), Split(Regex(pattern(clusters)), "isolated")]
        )
    return tokenizer


def alphabet(tokenizer: Tokenizer, texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """List the characters that begin a word and those that continue one, each sorted."""
    initial: set[str] = set()
    inner: set[str] = set()
    for text in texts:
        normal = tokenizer.normalizer.normalize_str(text)
        for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal):
            initial.add(word[0])
            inner.update(word[1:])
    return sorted(initial | inner), sorted(inner)
