"""The model card: what it says that a file takes and gives."""

import re

import pytest

from edgetext.artifacts.card import model_card
from edgetext.predictor import as_array, load


def outputs_of(card):
    """Give the dimensions and the words of each output that a card lists, by its name."""
    found = re.findall(r"^- `(\w+)` \w+\[(.*?)\]: (.*)$", card, re.MULTILINE)
    return {name: (dimensions.split(", "), words) for name, dimensions, words in found}


@pytest.fixture
def next_piece(lm_files):
    return load(lm_files.onnx)


def test_the_card_of_a_language_model_says_what_each_output_is(next_piece):
    outputs = outputs_of(model_card(next_piece.metadata, next_piece.golden, [], []))
    assert list(outputs) == ["ids", "scores", "typed", "bytes", "truncated"]
    for name in ("ids", "scores", "typed"):
        assert outputs[name][0] == ["1", "k"]
    assert "the k likeliest next pieces" in outputs["ids"][1]
    assert "k being the recipe's `head.best`" in outputs["ids"][1]
    assert "probability of each of these pieces" in outputs["scores"][1]


def test_the_shapes_of_the_card_are_those_of_the_file(next_piece):
    listed = outputs_of(model_card(next_piece.metadata, next_piece.golden, [], []))
    best = None
    arrays = next_piece.session.run(as_array(b"is it", next_piece.metadata.max_bytes))
    for array, (dimensions, _) in zip(arrays, listed.values(), strict=True):
        assert array.ndim == len(dimensions)
        for size, dimension in zip(array.shape, dimensions, strict=True):
            if dimension == "k":
                best = best or size
            assert size == (best if dimension == "k" else int(dimension))
    assert best == 8


def test_the_card_of_labels_counts_them(joint_files):
    predictor = load(joint_files.onnx)
    outputs = outputs_of(model_card(predictor.metadata, predictor.golden, [], []))
    assert outputs["scores"][0] == ["1", "3"] and outputs["spans"][0] == ["1", "S", "3"]
