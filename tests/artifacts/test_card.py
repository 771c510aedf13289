"""The model card: what it says that a file takes and gives."""

import re

import pytest

from edgetext.artifacts.card import model_card
from edgetext.model.model import Model
from edgetext.predictor import as_array, load
from edgetext.tasks.metrics import Score, worst


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


def test_the_card_lists_the_worst_classes_with_their_texts(joint, joint_files):
    predictor, lowest = load(joint_files.onnx), Model.load(joint).header.worst_classes
    assert 1 <= len(lowest) <= 5
    card = model_card(predictor.metadata, predictor.golden, [], [], lowest)
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+) \| (\d+) \|$", card, re.MULTILINE)
    listed = [(x["label"], f"{100 * x['f1']:.2f}", str(x["texts"])) for x in lowest]
    assert rows == listed
    assert "## Least well known labels" in joint_files.card.read_text()


def test_the_card_of_several_tasks_says_whose_each_label_is(multi):
    lowest = Model.load(multi).header.worst_classes
    parts = {each["label"].partition(".")[0] for each in lowest}
    assert parts and parts <= {"trips", "kind", "names"}
    card = model_card(load(multi).metadata, [], [], [], lowest)
    assert f"| `{lowest[0]['label']}` | {100 * lowest[0]['f1']:.2f} |" in card


def test_a_task_without_classes_has_no_such_section(next_piece):
    card = model_card(next_piece.metadata, next_piece.golden, [], [], ())
    assert "Least well known" not in card


def test_five_classes_are_listed_the_lowest_first():
    classes = {f"{i}": Score(0.1 * i, 0.1 * i, 0.1 * i, 10 + i) for i in range(9, 0, -1)}
    assert [x["label"] for x in worst(classes)] == ["1", "2", "3", "4", "5"]
    assert worst(classes)[0] == {"label": "1", "f1": 0.1, "texts": 11}
