"""What decodes scores in a program gives the answers of what it stands for."""

import pytest
import torch
from torch import nn

from edgetext.models.decoders.spans import SpanDecoder
from edgetext.targets.executorch.decoding import LARGEST, VotesByProducts, prepare_decoding


def answering(tags):
    return nn.ModuleList([SpanDecoder(tags)]).eval()


@pytest.mark.parametrize("tags", [3, 9, 79])
@pytest.mark.parametrize("words", [0, 1, 30])
def test_votes_by_products_are_those_by_slices(tags, words):
    torch.manual_seed(words)
    plain, prepared = answering(tags), answering(tags)
    prepare_decoding(prepared)
    assert isinstance(prepared[0], VotesByProducts)
    scores = 3 * torch.randn(1 + words, tags)
    for one, other in zip(plain[0]._votes(scores), prepared[0]._votes(scores), strict=True):
        assert torch.equal(one, other)
    for one, other in zip(plain[0].paired(scores), prepared[0].paired(scores), strict=True):
        assert torch.equal(one, other)


def test_many_labels_keep_their_slices():
    labels = next(n for n in range(1, 999) if (2 * n + 1) * n * 4 > LARGEST)
    for count, kind in ((labels - 1, VotesByProducts), (labels, SpanDecoder)):
        prepared = answering(2 * count + 1)
        prepare_decoding(prepared)
        assert type(prepared[0]) is kind
