"""The tensor program says what the Rust tokenizer says, to the id and to the byte."""

import random

import pytest
import torch
from hard_texts import CASES, byte_strings, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from edgetext.text.graph import TextGraph
from edgetext.text.vocabulary import Vocabulary

NAMES = [
    "english",
    "uncased",
    "cased",
    "not crowded",
    "clusters",
    "as written",
    "uncased as written",
    "look-alikes",
    "look-alikes in scripts",
]
# Writing a graph takes seconds of processor time: `make test` has these vocabularies, and those of
# the tiny models in whole files; `make check-all` has all in both runtimes.
FAST = {"onnx": ("uncased", "not crowded"), "executorch": ()}


def written():
    """Each vocabulary in each runtime that a graph is written for."""
    for runtime, fast in FAST.items():
        for name in NAMES:
            yield pytest.param(runtime, name, marks=[] if name in fast else [pytest.mark.slow])


@pytest.mark.parametrize(
    ("runtime", "name"), [*(pytest.param("eager", name) for name in NAMES), *written()]
)
def test_hand_picked_texts_are_read_as_the_reference_reads_them(
    runtime, name, request, vocabularies, reference
):
    run = request.getfixturevalue(runtime)[name]
    for title, data in CASES.items():
        assert run(data) == reference(vocabularies[name], data), title


def test_offsets_count_the_bytes_of_invalid_text_as_they_came(eager, vocabularies):
    # Python reads three replacement characters (nine bytes) here; the graph points into the eight
    # bytes that were sent. A word is ended by those alone that the end of the text cuts off.
    data = b"\xffwa\xc3ke\xe4\xbb"
    ids, first, start, end = eager["english"](data)
    assert (ids[1:], first) == (vocabularies["english"].encode("wake").ids[1:].tolist(), [0, 1])
    assert (start[1:], end[1:]) == ([1], [6])


@pytest.mark.parametrize("limit", [8, 16, 32])
def test_a_word_of_more_pieces_than_the_limit_is_unknown(limit):
    pieces = ["[PAD]", "[UNK]", "[CLS]", "a", "##a", "b"]
    vocabulary = Vocabulary(pieces, word_pieces=limit)
    data = f"{'a' * limit} {'a' * (limit + 1)} b".encode()
    text = torch.tensor([list(data)], dtype=torch.uint8)
    ids, _, start, end = TextGraph(vocabulary)(text)
    assert ids.tolist() == [2, 3, *[4] * (limit - 1), 1, 5]
    assert end[2].item() - start[2].item() == limit + 1
    assert ids.tolist() == vocabulary.encode(data.decode()).ids.tolist()


def test_a_word_has_what_is_dropped_after_its_letters(eager):
    _, _, start, end = eager["english"]("me\u0301 up\u200d\u0301".encode())
    assert (start[1:], end[1:]) == ([0, 5], [4, 12])


def test_a_word_of_an_older_model_ends_before_its_accent(eager):
    _, _, start, end = eager["uncased as written"]("me\u0301 up\u200d\u0301".encode())
    assert (start[1:], end[1:]) == ([0, 5], [2, 7])


@pytest.mark.parametrize("name", NAMES)
@given(text=texts())
@settings(max_examples=100, deadline=None)
def test_any_unicode_is_read_as_the_reference_reads_it(name, eager, vocabularies, reference, text):
    data = text.encode() or b" "
    assert eager[name](data) == reference(vocabularies[name], data)


@pytest.mark.parametrize("name", NAMES)
@given(data=byte_strings())
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_as_python_replaces_them(name, eager, vocabularies, reference, data):
    data = data or b" "
    assert eager[name](data) == reference(vocabularies[name], data)


@pytest.mark.parametrize(("runtime", "name"), list(written()))
@given(data=st.one_of(texts().map(str.encode), byte_strings()))
@settings(max_examples=100, deadline=None)
def test_the_runtimes_read_any_bytes_alike(runtime, name, request, vocabularies, reference, data):
    data = data[:512] or b" "
    run = request.getfixturevalue(runtime)[name]
    assert run(data) == reference(vocabularies[name], data)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_character_of_unicode_is_read_as_the_reference_reads_it(
    name, onnx, vocabularies, reference
):
    characters = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    for at in range(0, len(characters), 256):
        data = " ".join(f"e{c}a {c}" for c in characters[at : at + 256]).encode()
        assert onnx[name](data) == reference(vocabularies[name], data), f"from character {at}"


def test_a_text_of_many_kilobytes_is_read_whole(onnx, vocabularies, reference):
    random_words = random.Random(1).choices(
        ["wake", "me", "unbelievable", "x" * 101, "é", "今", "\U0001f600", "zzq"], k=12_000
    )
    data = " ".join(random_words).encode()
    assert len(data) > 1 << 17
    assert onnx["uncased"](data) == reference(vocabularies["uncased"], data)


def test_a_vocabulary_without_continuations_still_reads_words():
    vocabulary = Vocabulary(["[PAD]", "[UNK]", "[CLS]", "a"])
    text = torch.tensor([list(b"a b aa a")], dtype=torch.uint8)
    ids, first, start, end = TextGraph(vocabulary)(text)
    assert ids.tolist() == [2, 3, 1, 1, 3]
    assert first.tolist() == [0, 1, 2, 3, 4]
    assert (start.tolist(), end.tolist()) == ([-1, 0, 2, 4, 7], [0, 1, 3, 6, 8])


def test_pieces_that_no_text_reaches_do_no_harm(reference, vocabularies):
    # Upper case and accents in an uncased vocabulary, punctuation within a word, a space, "##".
    odd = ["A", "É", "a.b", "##.", "a b", "##", "", "é", "\u0301", "##\u0301a", "[MASK]"]
    known = vocabularies["uncased"]
    vocabulary = Vocabulary([*known.pieces, *(piece for piece in odd if piece not in known.ids)])
    graph = TextGraph(vocabulary)
    for data in CASES.values():
        tensor = torch.frombuffer(bytearray(data), dtype=torch.uint8)[None]
        assert tuple(x.tolist() for x in graph(tensor)) == reference(vocabulary, data)
