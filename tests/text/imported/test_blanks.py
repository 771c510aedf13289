"""What a normalizer takes away before Unigram, and maps of characters in sentencepiece's format."""

import random

import pytest
import torch
from charsmap import charsmap
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizer_files import stripping, unigram
from tokenizers import Regex
from tokenizers.normalizers import (
    NFKD,
    Lowercase,
    Precompiled,
    Replace,
    Sequence,
    Strip,
    StripAccents,
)

from edgetext.core.errors import EdgetextError
from edgetext.text.imported.tokenizer import ImportedTokenizer

TEXTS = {
    "Ａ": "A",
    "ａ": "a",
    "ﬁ": "fi",
    "\u3000": " ",
    "\t": " ",
    "\n": " ",
    "\u00a0": " ",
    "①": "1",
    "㌔": "キロ",
    "…": "...",
}
MAP = Precompiled(charsmap(TEXTS | {"\x01": "", "e\u0301": "é"}))


def joins(content):
    return Replace(Regex(" {2,}"), content)


NORMALIZERS = {
    # As transformers 5 writes XLM-R's, and what SpmConverter makes.
    "xlm-r": [MAP, joins(" "), Strip(left=False, right=True)],
    "sentencepiece": [MAP, Strip(left=False, right=True), joins("▁")],
    "folded": [NFKD(), StripAccents(), Lowercase(), Strip(), joins(" ")],
    "left": [Strip(left=True, right=False)],
    "lines": [Replace(Regex(r"[\n\r\t]"), " "), Replace("x", "a"), joins(" ")],
    "map": [MAP],
}
PARTS = [*"aeo .,'x1▁é", "  ", "   ", "▁▁", "\u2028", "<mask>", "<s>", "<left>", "<right>", "wake"]
PARTS += TEXTS
CASES = [*((name, "always") for name in NORMALIZERS), ("xlm-r", "first"), ("left", "first")]


@pytest.fixture(scope="module")
def graphs():
    def compiled(name, scheme, splits=False):
        normalizer = Sequence(NORMALIZERS[name])
        content = stripping(unigram(normalizer, splits=splits, scheme=scheme))
        tokenizer = ImportedTokenizer.read(content, source="tokenizer.json", max_length=400)
        return tokenizer, tokenizer.graph(widen=name != "sentencepiece")

    return {case: compiled(*case) for case in CASES}


def cut(graph, text):
    pieces = graph(torch.tensor([list(text.encode())]).to(torch.uint8))
    return pieces.ids.tolist(), pieces.piece_start.tolist(), pieces.piece_end.tolist()


def expected(tokenizer, text):
    encoding = tokenizer.encode(text)
    return encoding.ids.tolist(), encoding.start.tolist(), encoding.end.tolist()


@pytest.mark.parametrize("case", CASES)
@given(parts=st.lists(st.sampled_from(PARTS), min_size=1, max_size=12))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_texts_are_cut_as_tokenizers_cuts_them(case, graphs, parts):
    tokenizer, graph = graphs[case]
    text = "".join(parts)
    assert cut(graph, text) == expected(tokenizer, text)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["xlm-r", "sentencepiece"])
@pytest.mark.parametrize("runtime", ["onnx", "pte"])
def test_the_runtimes_cut_texts_alike(runtime, name, graphs, tmp_path):
    from graph_runtimes import in_executorch, in_onnx_runtime

    tokenizer, _ = graphs[name, "always"]
    graph, file = tokenizer.graph(widen=runtime == "onnx"), tmp_path / f"text.{runtime}"
    run = (in_onnx_runtime if runtime == "onnx" else in_executorch)(graph, file)
    draw = random.Random(0)
    for _ in range(300):
        text = "".join(draw.choices(PARTS, k=draw.randint(1, 12)))
        ids, _, _, _, start, end, _ = run(text.encode())
        assert (ids, start, end) == expected(tokenizer, text), text


def test_what_a_map_drops_is_nothing(graphs):
    tokenizer, graph = graphs["xlm-r", "always"]
    for text in ("\x01wake \x01\x01 me\x01", "a\x01b", "\x01"):
        assert cut(graph, text)[0] == expected(tokenizer, text)[0]


REFUSED = {
    "Replace of '``' by '\"' before Unigram": [Replace("``", '"')],
    "Replace of 'e+' by 'e' before Unigram": [Replace(Regex("e+"), "e")],
    "Replace of 'a' by 'bc' before Unigram": [Replace("a", "bc")],
    "Strip before Unigram": [Strip(), Lowercase()],
    "Replace by '▁' before another stage": [joins("▁"), Strip()],
}


@pytest.mark.parametrize("words", REFUSED)
def test_a_stage_that_cannot_be_compiled_is_named(words):
    content = unigram(Sequence(REFUSED[words]), splits=False)
    with pytest.raises(EdgetextError) as error:
        ImportedTokenizer.read(content, source="tokenizer.json", max_length=64)
    assert f"the tokenizer's normalizer is {words}, which cannot be compiled" in str(error.value)
