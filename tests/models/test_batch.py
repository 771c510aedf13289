"""What the network answers to a text does not depend on the texts beside it."""

from functools import cache

import numpy as np
import pytest
import torch
from hard_texts import byte_strings, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from edgetext.model.batches import pack
from edgetext.model.model import Model
from edgetext.models.batch import BatchPipeline
from edgetext.models.decoders.labels import ClassDecoder, LabelsDecoder, TagDecoder
from edgetext.models.network import build_network
from edgetext.tasks.apart import apart
from edgetext.text.vocabulary import Vocabulary

LIMIT = 64
LABELS = {"intent": ["a", "b", "c"], "tags": ["O", "B-x", "I-x", "B-y", "I-y"]}
ENCODERS = {
    "bag": {"type": "bag", "embedding": 16, "hidden": 32},
    "cnn": {"type": "cnn", "embedding": 16, "hidden": 16, "kernel": 5, "heads": 2},
    "causal": {"type": "cnn", "embedding": 16, "hidden": 16, "heads": 1, "causal": True},
    "conv": {
        "type": "conv", "embedding": 16, "hidden": 16, "layers": 3, "kernel": [3, 5, 1],
        "heads": 1, "attention_after": 2,
    },
    "transformer": {
        "type": "transformer", "embedding": 16, "hidden": 16, "layers": 2, "heads": 2,
        "feed_forward": 32, "positions": 4,
    },
    "windows": {
        "type": "conv", "embedding": 16, "hidden": 16, "heads": 1, "attention_window": 3,
    },
    "windows of heads": {
        "type": "cnn", "embedding": 16, "hidden": 16, "heads": 2, "attention_window": 2,
    },
}  # fmt: skip
HEADS = {
    "classify": ({"type": "classify"}, ClassDecoder, ["scores"]),
    "multi_label": ({"type": "multi_label", "pooling": "maximum"}, LabelsDecoder, ["scores"]),
    "tag": ({"type": "tag"}, lambda: TagDecoder(len(LABELS["tags"])), ["spans"]),
}
some = st.one_of(byte_strings(), texts().map(str.encode), st.just(b"wake me up at seven" * 9))
several = st.lists(some, min_size=1, max_size=6)


@cache
def vocabulary():
    return Vocabulary.train(["wake me up at seven", "play a song, please"] * 3, size=80)


@cache
def untrained(encoder, head):
    section, decoder, _ = HEADS[head]
    torch.manual_seed(1)
    model = {"encoder": ENCODERS[encoder], "head": section}
    network = build_network(model, len(vocabulary()), LABELS).eval()
    return BatchPipeline(vocabulary().graph(), LIMIT, network, decoder()).eval()


@cache
def trained(path):
    """A model, and what answers one text and several."""
    model = Model.load(path)
    return model, model.pipeline(), model.batch_pipeline(model.network)


def answers(pipeline, names, contents):
    """Of each text the outputs."""
    with torch.inference_mode():
        outputs = pipeline(*map(torch.from_numpy, map(np.copy, pack(contents, LIMIT))))
    return apart([*names, "truncated"], [x.numpy() for x in outputs], len(contents))


def check_alone(pipeline, names, contents, within=1e-5):
    for content, beside in zip(contents, answers(pipeline, names, contents), strict=True):
        (alone,) = answers(pipeline, names, [content])
        for one, other in zip(alone, beside, strict=True):
            np.testing.assert_allclose(one, other, rtol=0, atol=within)


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("encoder", ENCODERS)
@settings(deadline=None, max_examples=20, derandomize=True)
@given(contents=several)
def test_no_answer_depends_on_the_texts_beside(encoder, head, contents):
    check_alone(untrained(encoder, head), HEADS[head][2], contents)


@pytest.mark.parametrize("kind", ["joint", "int8", "hashed", "tag", "classify"])
@settings(deadline=None, max_examples=20, derandomize=True)
@given(contents=several)
def test_a_trained_model_answers_several_texts_as_one(request, kind, contents):
    model, one, pipeline = trained(request.getfixturevalue(kind))
    names = model.outputs[:-1]
    check_alone(pipeline, names, contents)
    for content, several in zip(contents, answers(pipeline, names, contents), strict=True):
        text = torch.from_numpy(np.frombuffer(content or b" ", np.uint8).copy())[None]
        with torch.inference_mode():
            expected = one(text)
        for name, alone, beside in zip(model.outputs, expected, several, strict=True):
            # Integers of static layers may be rounded to their neighbours, by a running sum.
            within = 5e-3 if name == "scores" else 0
            shape = beside.shape
            np.testing.assert_allclose(alone.numpy().reshape(shape), beside, rtol=0, atol=within)


def test_an_empty_text_is_answered_as_a_space(classify):
    model = Model.load(classify)
    pipeline = model.batch_pipeline(model.network)
    with torch.inference_mode():
        scores, truncated = pipeline(
            torch.tensor(list(b"to Rome   "), dtype=torch.uint8), torch.tensor([0, 0, 7, 7, 10, 10])
        )
    space = scores[3]
    assert truncated.tolist() == [0] * 5
    for text in (0, 2, 4):
        assert (scores[text] - space).abs().max() < 1e-6
    assert (scores[1] - space).abs().max() > 1e-3
