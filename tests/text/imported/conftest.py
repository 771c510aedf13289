"""Tiny tokenizers by their names."""

import json

import pytest
from tokenizer_files import alone, byte_level, modern, stripping, unigram, word_piece
from tokenizers import normalizers


@pytest.fixture(scope="session")
def contents():
    """By name, the contents of tokenizer.json files."""
    return {
        "uncased": word_piece(True),
        "cased": word_piece(False),
        "unigram": unigram(),
        "unigram with its spaces": unigram(splits=False, scheme="first"),
        "unigram without signs": unigram(scheme="never"),
        "unigram folded": unigram(
            normalizers.Sequence(
                [normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()]
            )
        ),
        "bytes": byte_level(),
        "bytes after a space": byte_level(adds_space=True),
        "bytes with their spaces": byte_level(roberta=False),
        "modern": modern(),
        "bytes stripped": stripping(byte_level()),
        "uncased stripped": stripping(word_piece(True)),
        "unigram stripped": stripping(unigram()),
        "unigram stripped with its spaces": stripping(unigram(splits=False, scheme="first")),
        "bytes alone": alone(byte_level()),
        "modern alone": alone(modern()),
        "unigram alone": alone(unigram(splits=False, scheme="first")),
        "bytes after a space with it": byte_level(adds_space=True, roberta=False),
    }


@pytest.fixture
def spelled():
    """The content of a file whose pieces for what is unknown and for the start are no added tokens,
    and whose normalizer makes ordinary brackets of others."""
    settings = json.loads(unigram(normalizers.NFKC()))
    kept = [token for token in settings["added_tokens"] if token["content"] not in ("<unk>", "<s>")]
    return json.dumps({**settings, "added_tokens": kept})


@pytest.fixture
def drops_accents():
    """The content of a file whose normalizer leaves characters out, and makes several of none."""
    return unigram(normalizers.StripAccents())
