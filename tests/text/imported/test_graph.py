"""The tensor program of an imported tokenizer says what `tokenizers` says, to the id and byte."""

import unicodedata
from itertools import groupby

import numpy as np
import pytest
from graph_runtimes import decode
from hard_texts import CASES, TEXTS, byte_strings, texts
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from edgetext.text.imported.nfc import ROUNDS
from edgetext.text.imported.tokenizer import ImportedTokenizer

NAMES = [
    "uncased",
    "cased",
    "unigram",
    "unigram with its spaces",
    "unigram without signs",
    "unigram folded",
    "bytes",
    "bytes after a space",
    "bytes with their spaces",
    "bytes after a space with it",
    "modern",
    "bytes stripped",
    "uncased stripped",
    "unigram stripped",
    "unigram stripped with its spaces",
    "bytes alone",
    "modern alone",
    "unigram alone",
]
# Writing a graph takes seconds: `make test` has those of the algorithms with loops, and the other
# in whole files.
WRITTEN = [
    ("onnx", "bytes"),
    ("onnx", "unigram folded"),
    pytest.param("onnx", "uncased", marks=pytest.mark.slow),
    pytest.param("executorch", "uncased", marks=pytest.mark.slow),
    pytest.param("executorch", "bytes", marks=pytest.mark.slow),
    pytest.param("executorch", "unigram folded", marks=pytest.mark.slow),
    pytest.param("onnx", "modern", marks=pytest.mark.slow),
    pytest.param("executorch", "modern", marks=pytest.mark.slow),
    pytest.param("onnx", "unigram stripped", marks=pytest.mark.slow),
    pytest.param("executorch", "unigram stripped", marks=pytest.mark.slow),
    pytest.param("onnx", "modern alone", marks=pytest.mark.slow),
    pytest.param("executorch", "modern alone", marks=pytest.mark.slow),
    pytest.param("executorch", "unigram alone", marks=pytest.mark.slow),
]
# Added tokens, and what is nearly one.
ADDED = ["[SEP]", "[CLS]", "[MASK]", "[UNK]", "[SEP", "SEP]", "[sep]", "[[", "]", " ", "wake"]
ADDED += [
    "  ",
    " " * 3,
    " " * 30,
    "\u00a0",
    "\u3000 ",
    "\x1c",
    "\n",
    "[PAD]",
    "de\u0301ja",
    "d\u00e9ja",
]
ADDED += ["<left>", "<right>", "<both>", "<both>>", "[unused0]", "|||IP_ADDRESS|||", "\u0301"]
ADDED += ["<s>", "</s>", "<pad>", "<mask>", "<s", "/s>", "<<", "it's"]
# So many pieces, special tokens among them, leave most texts whole, and cut the longest.
MAX_LENGTH = 128


def expected(tokenizer, data):
    """The seven outputs as lists: see ImportedPieces."""
    text, origin = decode(data)
    encoding = tokenizer.encode(text)
    words = np.flatnonzero(encoding.first)
    after = np.flatnonzero(np.append(encoding.first, True) | np.append(closing(encoding), True))
    last = after[np.searchsorted(after, words, side="right")] - 1
    start, end = origin[encoding.start], origin[encoding.end]
    full = ImportedTokenizer.from_header({**tokenizer.to_header(), "max_length": 1 << 20})
    return (
        encoding.ids.tolist(),
        [0, *words.tolist()],
        [0, *start[words].tolist()],
        [0, *end[last].tolist()],
        start.tolist(),
        end.tolist(),
        [int(len(full.encode(text).ids) > len(encoding.ids))],
    )


def closing(encoding):
    """bool[T]: the special tokens after the text, which have empty spans."""
    place = np.arange(len(encoding.ids))
    return (
        (encoding.start == encoding.end)
        & ~encoding.first
        & (place > 0)
        & (place >= len(encoding.ids) - 1)
    )


@pytest.fixture(scope="session")
def tokenizers(contents):
    return {
        name: ImportedTokenizer.read(content, source="tokenizer.json", max_length=MAX_LENGTH)
        for name, content in contents.items()
    }


@pytest.fixture(scope="session")
def runs(tokenizers, tmp_path_factory):
    from graph_runtimes import AskedFor, in_executorch, in_onnx_runtime, in_pytorch

    folder = tmp_path_factory.mktemp("graphs")
    return {
        "eager": AskedFor(lambda name: in_pytorch(tokenizers[name].graph())),
        "onnx": AskedFor(
            lambda name: in_onnx_runtime(tokenizers[name].graph(), folder / f"{name}.onnx")
        ),
        "executorch": AskedFor(
            lambda name: in_executorch(tokenizers[name].graph(widen=False), folder / f"{name}.pte")
        ),
    }


def encodable(name, data):
    """Whether the reference reads these bytes as they came: where it keeps U+FFFD, it reads that in
    the place of what is no UTF-8."""
    return name in ("uncased", "cased") or "\ufffd" not in decode(data)[0]


@pytest.mark.parametrize(("runtime", "name"), [*(("eager", name) for name in NAMES), *WRITTEN])
def test_hand_picked_texts_are_cut_as_tokenizers_cuts_them(runtime, name, runs, tokenizers):
    for title, data in CASES.items():
        if encodable(name, data):
            assert runs[runtime][name](data) == expected(tokenizers[name], data), title


@pytest.mark.parametrize("name", NAMES)
@given(text=texts())
@settings(max_examples=30, deadline=None, derandomize=True)
def test_any_unicode_is_cut_as_tokenizers_cuts_it(name, runs, tokenizers, text):
    data = text.encode() or b" "
    assert runs["eager"][name](data) == expected(tokenizers[name], data)


@pytest.mark.parametrize("name", NAMES)
@given(
    parts=st.lists(
        st.sampled_from(ADDED),
        max_size=8,
    )
)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_added_tokens_are_read_where_they_stand(name, runs, tokenizers, parts):
    # tokenizers also puts a space before what follows an added token.
    text = "".join(parts)
    assume("after a space" not in name or not any(x in text for x in tokenizers[name].added))
    data = text.encode() or b" "
    assert runs["eager"][name](data) == expected(tokenizers[name], data)


@pytest.mark.parametrize(("runtime", "name"), WRITTEN)
@given(text=texts())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_the_runtimes_cut_texts_alike(runtime, name, runs, tokenizers, text):
    text = text.encode()[:512].decode(errors="ignore")
    # A `.pte` brings marks in order in so many rounds, which `inspect` says.
    assume(runtime != "executorch" or marks_on_a_letter(text) <= ROUNDS + 1)
    data = text.encode() or b" "
    assert runs[runtime][name](data) == expected(tokenizers[name], data)


def marks_on_a_letter(text):
    """The most marks that stand in a row."""
    marked = (bool(unicodedata.combining(c)) for c in unicodedata.normalize("NFD", text))
    return max((len(list(run)) for marks, run in groupby(marked) if marks), default=0)


@pytest.mark.slow
@pytest.mark.parametrize("runtime", ["onnx", "executorch"])
@pytest.mark.parametrize("name", ["modern", "unigram stripped"])
@given(parts=st.lists(st.sampled_from(ADDED), max_size=8))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_the_runtimes_read_added_tokens_alike(runtime, name, runs, tokenizers, parts):
    data = "".join(parts).encode() or b" "
    assert runs[runtime][name](data) == expected(tokenizers[name], data)


@pytest.mark.parametrize("name", NAMES)
@given(data=byte_strings())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_any_bytes_have_an_answer(name, runs, data):
    ids, first, *_ = runs["eager"][name](data or b" ")
    assert len(ids) >= 2
    assert first[0] == 0


LONG = ["." * 80, "." * 1500, "wake" * 300, "ha" * 700, "a" * 33 + "0" * 99, " " * 200 + "x"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", LONG)
def test_words_of_any_length_are_cut_as_tokenizers_cuts_them(name, text, runs, tokenizers):
    assert runs["eager"][name](text.encode()) == expected(tokenizers[name], text.encode())


def test_a_word_of_more_than_100_characters_is_unknown(runs, tokenizers):
    for count in (99, 100, 101, 130):
        for letter in ("a", "é", "天"):
            data = f"{letter * count} {'a' * count}b wake".encode()
            assert runs["eager"]["uncased"](data) == expected(tokenizers["uncased"], data)
    assert TEXTS
