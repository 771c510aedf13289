"""Evaluation from bytes: the metrics of training, the time, and who disagrees."""

from dataclasses import replace

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, Span
from edgetext.evaluation.answers import by_file, check_labels, disagreements, evaluate
from edgetext.model.checkpoint import Checkpoint
from edgetext.recipe import Recipe
from edgetext.training.splits import load_split


@pytest.fixture(scope="module")
def examples(data):
    return {task: load_split(Recipe.load(data / f"{task}.yaml"), "test")
            for task in ("joint", "classify")}  # fmt: skip


@pytest.mark.parametrize("name", ["joint", "int8", "classify"])
def test_metrics_are_those_that_training_measured(predictors, examples, name):
    model, calls = predictors[name], []
    found = examples["classify" if name == "classify" else "joint"]
    measured = evaluate(list(vars(model).values()), found, lambda: calls.append(1))
    header = Checkpoint.load(model.pt.path).header
    for one in measured:
        assert one.metrics(found) == header.metrics["test"]
        assert len(one.answers) == len(one.milliseconds) == len(calls) == len(found)
        assert 0 < one.percentile(50) <= one.percentile(90) < 1000
        assert disagreements(one, measured[0]) == []


def test_disagreements_are_of_intents_and_spans_alone(predictors, examples):
    joint = predictors["joint"]
    one, other = evaluate([joint.onnx, joint.pt], examples["joint"][:4])
    classify, _ = evaluate([predictors["classify"].pt, joint.pt], examples["joint"][:4])
    assert disagreements(one, other) == []
    with_spans = [i for i, e in enumerate(examples["joint"][:4]) if e.spans]
    assert disagreements(one, classify) == with_spans


@pytest.mark.parametrize(
    ("example", "words"),
    [
        (Example("a", "fly"), "the intent 'fly' is none of those"),
        (Example("a", None), "no intent label"),
        (Example("a", "hotel", (Span("town", 0, 1),)), "the slot 'town' is none"),
    ],
)
def test_data_of_another_task_is_refused(predictors, example, words):
    example = Example(example.text, example.intent, example.spans, "d.tsv:7")
    with pytest.raises(EdgetextError, match=rf"^d\.tsv:7: .*{words}"):
        check_labels(predictors["joint"].pt, [example])


def test_labels_that_a_model_lacks_are_misses_where_the_recipe_says_so(predictors):
    model = predictors["joint"].pt
    odd = Example("a", "fly", (), "d.tsv:1")
    check_labels(model, [odd, Example("a room", "hotel", (), "d.tsv:2")], strict=False)
    with pytest.raises(EdgetextError, match="not one label of this file"):
        check_labels(model, [odd], strict=False)
    (found,) = evaluate([model], [odd, Example("a", "hotel")], strict=False)
    assert found.metrics([odd, Example("a", "hotel")])["accuracy"] <= 0.5


def test_metrics_of_one_file_are_those_of_its_examples(predictors, examples):
    found = [replace(e, source=f"{'ab'[i % 2]}.tsv:{i}") for i, e in enumerate(examples["joint"])]
    (measured,) = evaluate([predictors["joint"].onnx], found)
    groups = by_file(found)
    assert {name: len(rows) for name, rows in groups.items()} == {"a.tsv": 12, "b.tsv": 12}
    (alone,) = evaluate([predictors["joint"].onnx], found[1::2])
    assert measured.metrics(found, groups["b.tsv"]) == alone.metrics(found[1::2])
