"""Hashed words of folded bytes, as training reads them and as the graph does."""

import numpy as np
import pytest
import torch
from graph_runtimes import in_executorch, in_onnx_runtime, in_pytorch
from hard_texts import CASES, TEXTS, byte_strings, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from edgetext.text.hashed.folding import Folding
from edgetext.text.hashed.grams import Grams
from edgetext.text.hashed.graph import BEGIN_AT, END_AT
from edgetext.text.hashed.tokenization import HashedWords

GRAMS = Grams(300, (1, 3, 6), lowercase=True)
WORDS = HashedWords(GRAMS, Folding(()))
PLAIN = HashedWords(GRAMS)
FOLDED, UNFOLDED = in_pytorch(WORDS.graph()), in_pytorch(PLAIN.graph())
LIMIT = 512


def check(text):
    """The graph reads what `Folding` leaves of a text, and says where it stood."""
    encoding = WORDS.encode(text)
    numbers, edges, places = FOLDED(text.encode() or b" ")
    begin, end = np.array(places).reshape(2, -1)[:, 1:]
    assert (begin + BEGIN_AT).tolist() == encoding.start[1:].tolist()
    assert (end + END_AT).tolist() == encoding.end[1:].tolist()
    content, _ = WORDS.folding(text or " ")
    if content:
        assert (numbers, edges) == UNFOLDED(content)
    assert encoding.ids.tolist() == PLAIN.encode(content.decode()).ids.tolist()


@pytest.mark.parametrize("name", TEXTS)
def test_the_graph_reads_as_training_does(name):
    check(TEXTS[name])


@given(texts())
@settings(deadline=None)
def test_the_graph_reads_any_text_as_training_does(text):
    check(text)


@given(byte_strings())
@settings(deadline=None)
def test_bytes_that_are_no_text_are_left_as_they_are(content):
    numbers, edges, places = FOLDED(content or b" ")
    folded = "".join(WORDS.folding.replaced)
    if content and not any(c in content.decode("utf-8", "ignore") for c in folded):
        assert (numbers, edges) == UNFOLDED(content) and edges == places


@pytest.mark.slow
def test_every_character_is_folded_alike():
    for at in range(0, 0x110000, 512):
        points = [c for c in range(at, at + 512) if not 0xD800 <= c < 0xE000]
        check(" ".join(f"e{chr(c)}a {chr(c)}" for c in points))


def test_spans_are_in_the_bytes_that_were_given():
    text = "p\u0430y\u200bp\u0430l \u2066now\u2069"
    encoding = WORDS.encode(text)
    assert encoding.ids.tolist() == WORDS.encode("paypal now").ids.tolist()
    content = text.encode()
    spans = zip(encoding.start[1:], encoding.end[1:], strict=True)
    # What is dropped behind a word's last letter is part of it.
    assert [content[s:e].decode() for s, e in spans] == ["p\u0430y\u200bp\u0430l", "now\u2069"]


def test_scripts_of_the_texts_stay_what_they_are():
    kept = HashedWords(GRAMS, Folding(("CYRILLIC",)))
    assert kept.encode("c\u043ep").ids.tolist() == PLAIN.encode("c\u043ep").ids.tolist()
    assert kept.encode("c\u03bfp").ids.tolist() == PLAIN.encode("cop").ids.tolist()


RUNTIMES = {
    "onnx": lambda path: in_onnx_runtime(WORDS.graph(), path),
    "executorch": lambda path: in_executorch(WORDS.graph(widen=False), path),
}


@pytest.mark.parametrize("runtime", ["onnx", pytest.param("executorch", marks=pytest.mark.slow)])
def test_a_runtime_reads_as_pytorch_does(runtime, tmp_path):
    run = RUNTIMES[runtime](tmp_path / "graph")
    for name, content in CASES.items():
        expected, answer = FOLDED(content[:LIMIT]), run(content[:LIMIT])
        assert answer[1:] == expected[1:], name
        # ONNX Runtime's graph has places behind the text's end.
        assert answer[0][: len(expected[0])] == expected[0], name


several = st.lists(st.one_of(texts().map(str.encode), byte_strings()), min_size=1, max_size=4)


@settings(deadline=None)
@given(several)
def test_several_texts_are_read_as_each_is(contents):
    graph = WORDS.graph()
    contents = [content[:LIMIT] or b" " for content in contents]
    offsets = torch.tensor(np.cumsum([0, *map(len, contents)]))
    data = torch.from_numpy(np.frombuffer(b"".join(contents), np.uint8).copy())
    stream = graph.packing(LIMIT)(data, offsets)
    places = graph.read_several(stream.data).places.reshape(2, -1)
    expected = []
    for content, begin in zip(contents, stream.begin.tolist(), strict=True):
        own = np.array(FOLDED(content)[2]).reshape(2, -1)
        expected += (own + begin).T.tolist()
    # Of [CLS] an end is not looked at.
    begins, ends = places.tolist(), [end for _, end in expected]
    assert begins[0] == [begin for begin, _ in expected]
    assert len(begins[1]) == len(ends)
