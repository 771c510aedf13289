"""The decoder of `.onnx` files finds the spans that the checkpoint's does."""

import numpy as np
import pytest
import torch
from graph_tester import GraphTester
from torch import nn

from edgetext.models.decoders.labels import TagDecoder
from edgetext.targets.onnx.decoding import OnnxTagDecoder
from edgetext.targets.onnx.passes import PASSES

TAGS = 9


class OfWords(nn.Module):
    """Spans of words as a file gives them, with the contract's leading 1; a word is at the bytes of
    its number, two of them."""

    def __init__(self, decoder):
        super().__init__()
        self.decoder = decoder

    def forward(self, tags):
        begin = torch.arange(tags.shape[1]) * 3
        edges = torch.stack([begin, begin + 2])
        (rows,) = self.decoder.of_words({"tags": tags}, edges)
        return rows.unsqueeze(0)


class OfPieces(OfWords):
    """The same of pieces, of which every second one begins a word."""

    def forward(self, tags):
        first = torch.arange((tags.shape[1] + 1) // 2) * 2
        (rows,) = self.decoder({"tags": tags}, first, first * 3, first * 3 + 2)
        return rows.unsqueeze(0)


@pytest.fixture(scope="module", params=[OfWords, OfPieces])
def graph(request):
    written = request.param(OnnxTagDecoder(TagDecoder(TAGS)))
    tester = GraphTester.of(written, torch.randn(1, 7, TAGS), dynamic=1)
    own = request.param(TagDecoder(TAGS))
    tester.expected = lambda x: [own(torch.from_numpy(x)).numpy()]
    return tester.apply(*PASSES).check(FusedConv=1)


def scores(words, seed=0, sharp=3.0):
    generator = torch.Generator().manual_seed(100 * words + seed)
    return (sharp * torch.randn(1, words, TAGS, generator=generator)).numpy()


@pytest.mark.parametrize("words", [1, 2, 3, 5, 40, 300])
def test_any_scores_give_the_same_spans(graph, words):
    for seed in range(10):
        graph.same(scores(words, seed))


def test_the_mark_is_no_word_whatever_its_scores_say(graph):
    for mark in range(TAGS):
        tags = scores(9)
        tags[0, 0] = 9 * (np.arange(TAGS) == mark)
        for after in range(TAGS):
            tags[0, 1:3] = 9 * (np.arange(TAGS) == after)
            graph.same(tags)


def test_a_text_may_have_no_span_and_no_word(graph):
    outside = np.zeros((1, 6, TAGS), np.float32)
    outside[..., 0] = 9
    (rows,) = graph.same(outside).outputs(outside)
    assert rows.shape == (1, 0, 3) and rows.dtype == np.int32
    (rows,) = graph.same(outside[:, :1]).outputs(outside[:, :1])
    assert rows.shape == (1, 0, 3)
