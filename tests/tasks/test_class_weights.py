"""Weights of labels: what they are, and what they do to a loss."""

import json
import random

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

import edgetext
from edgetext.cli import main
from edgetext.core.errors import EdgetextError
from edgetext.core.files import write_text
from edgetext.data.example import Example, Span
from edgetext.recipe import Recipe, TrainingConfig
from edgetext.tasks.class_weights import expected_logits, loss_weights, positive_weights
from edgetext.tasks.learner import learner_of
from edgetext.training import run

LABELS = ["a", "b"]
TEXTS = ["a", "a", "a", "b"]
EXAMPLES = [Example("x", label) for label in TEXTS]


def test_balanced_weights_make_every_label_count_alike():
    weights = loss_weights("balanced", LABELS, TEXTS)
    assert weights.tolist() == pytest.approx([4 / 6, 4 / 2])
    assert sum(weights[LABELS.index(x)] for x in TEXTS) == pytest.approx(4)


def test_balanced_weights_of_several_labels_weigh_those_without():
    weights = positive_weights("balanced", LABELS, [("a", "b"), ("a",), (), ("a",)])
    assert weights.tolist() == pytest.approx([1 / 3, 3])


def test_a_label_without_a_weight_has_1():
    for make in (loss_weights, positive_weights):
        assert make({"b": 4}, LABELS, TEXTS).tolist() == [1, 4]
        with pytest.raises(EdgetextError, match="class_weights: c is no label"):
            make({"c": 4}, LABELS, TEXTS)


class Batch:
    def __init__(self, **targets):
        self.targets = {name: torch.tensor(target) for name, target in targets.items()}


@pytest.mark.parametrize("task", ["classify", "match"])
def test_the_loss_weighs_texts_by_their_labels(task):
    learner = learner_of(task).weighted({"b": 3}, EXAMPLES, {"intent": LABELS, "tags": []})
    scores = torch.randn(3, 2, generator=torch.Generator().manual_seed(1))
    loss = learner.loss({"intent": scores}, Batch(intent=[0, 1, 1]), TrainingConfig())
    expected = cross_entropy(scores, torch.tensor([0, 1, 1]), weight=torch.tensor([1.0, 3.0]))
    torch.testing.assert_close(loss, expected)


def test_the_loss_of_several_labels_weighs_those_that_a_text_has():
    labels = {"intent": LABELS, "tags": []}
    learner = learner_of("multi_label").weighted({"b": 3}, EXAMPLES, labels)
    scores = torch.randn(2, 2, generator=torch.Generator().manual_seed(1))
    batch = Batch(labels=[[[1]], [[-100]]])
    loss = learner.loss({"intent": scores}, batch, TrainingConfig())
    has, weights = torch.tensor([[0.0, 1.0], [0.0, 0.0]]), torch.tensor([1.0, 3.0])
    expected = binary_cross_entropy_with_logits(scores, has, pos_weight=weights) * 2
    torch.testing.assert_close(loss, expected)


def test_of_intents_and_slots_the_intents_are_weighed():
    labels = {"intent": LABELS, "tags": ["O", "B-s", "I-s"]}
    learner = learner_of("joint").weighted("balanced", EXAMPLES, labels)
    assert learner.intent.weights.tolist() == pytest.approx([4 / 6, 4 / 2])


def test_of_several_tasks_each_is_weighed_by_its_own_texts():
    examples = [
        Example("x", "a", task="one=classify"),
        Example("y", "b", task="one=classify"),
        Example("z", "b", task="one=classify"),
        Example("w", "c", task="two=classify"),
        Example("v", "d", task="two=classify"),
        Example("go", None, (Span("s", 0, 2),), task="three=tag"),
    ]
    learner = learner_of("multi")
    labels = learner.labels(examples)
    bound = learner.bind(labels)
    balanced = bound.weighted("balanced", examples, labels).parts
    assert balanced["one"].weights.tolist() == pytest.approx([3 / 2, 3 / 4])
    assert balanced["two"].weights.tolist() == [1, 1]
    named = bound.weighted({"d": 2}, examples, labels).parts
    assert (named["one"].weights.tolist(), named["two"].weights.tolist()) == ([1, 1], [1, 2])
    with pytest.raises(EdgetextError, match="class_weights: e is no label in the tasks one, two"):
        bound.weighted({"e": 2}, examples, labels)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("{rain: 2}", "class_weights: rain is no label of the training split"),
        ("{food: 0}", "training.class_weights"),
        ("evenly", "training.class_weights"),
    ],
)
def test_weights_that_cannot_be_are_one_sentence(imbalanced, capsys, value, words):
    assert main(["train", str(imbalanced), "--set", f"training.class_weights={value}"]) == 2
    assert words in capsys.readouterr().err


def test_a_task_without_labels_of_texts_refuses_them(data, write_recipe, capsys):
    recipe = str(write_recipe(data, "spans", "tag"))
    assert main(["train", recipe, "--set", "training.class_weights=balanced"]) == 2
    assert "class_weights: task tag gives no text a label" in capsys.readouterr().err


RECIPE = """\
task: classify
data: {{type: csv, train: {0}/train.csv, valid: {0}/test.csv, test: {0}/test.csv}}
text: {{vocabulary: 60, max_bytes: 64}}
encoder: {{type: bag, embedding: 8, hidden: 8}}
training: {{epochs: 3, batch_size: 16, learning_rate: 0.02, threads: 1, patience: 0}}
student:
  encoder: {{type: bag, embedding: 8, hidden: 8}}
  distillation: {{soft_weight: 0}}
  training: {{epochs: 3, batch_size: 16, learning_rate: 0.02, threads: 1, patience: 0, \
class_weights: balanced}}
"""


@pytest.fixture(scope="module")
def imbalanced(tmp_path_factory):
    """One text of twenty in training is of food, half of them in the test."""
    folder = tmp_path_factory.mktemp("imbalanced")
    rng = random.Random(1)
    for split, count, share in (("train", 400, 0.05), ("test", 100, 0.5)):
        lines = []
        for _ in range(count):
            label = "food" if rng.random() < share else "sport"
            words = {"food": ["soup", "bread", "hot"], "sport": ["ball", "goal", "hot"]}[label]
            lines.append(
                f"{rng.choice(words)} {rng.choice(words)} {rng.choice('abcdef')},{label}\n"
            )
        write_text(folder / f"{split}.csv", "text,label\n" + "".join(lines))
    write_text(folder / "r.yaml", RECIPE.format(folder))
    return folder / "r.yaml"


def test_balanced_weights_find_the_rare_label(imbalanced):
    plain = run.train(Recipe.load(imbalanced))
    weighed = run.train(Recipe.load(imbalanced, ["training.class_weights=balanced"]))
    accuracy = [model.header.metrics["test"]["accuracy"] for model in (plain, weighed)]
    assert accuracy[1] > accuracy[0] + 0.2
    assert weighed.header.recipe["training"]["class_weights"] == "balanced"
    assert "class_weights" not in plain.header.recipe["training"]
    student = edgetext.distill(plain)
    assert student.header.metrics["test"]["accuracy"] > accuracy[0] + 0.2


def test_expected_shares_move_what_a_softmax_has_learned_to_them():
    texts = ["a"] * 6 + ["b"] * 3 + ["c"]
    expected = expected_logits({"c": 0.4}, ["a", "b", "c"], texts)
    learned = torch.tensor([0.6, 0.3, 0.1]).log()
    assert torch.softmax(learned + expected, 0).tolist() == pytest.approx([0.4, 0.2, 0.4])
    none = expected_logits({"c": 0.1}, ["a", "b", "c"], texts)
    assert none.tolist() == pytest.approx([0, 0, 0], abs=1e-6)


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ({"d": 0.1}, "label_shares: d is no label of the training split"),
        ({"a": 0.5, "b": 0.5}, "label_shares: they are 1 in all"),
        ({"a": 0.5, "b": 0.4}, "label_shares: every label has one"),
    ],
)
def test_shares_that_cannot_be_are_refused(shares, words):
    with pytest.raises(EdgetextError, match=words):
        expected_logits(shares, LABELS, TEXTS)


@pytest.mark.parametrize("task", ["classify", "match"])
def test_the_loss_is_of_scores_without_what_is_expected(task):
    labels = {"intent": LABELS, "tags": []}
    learner = learner_of(task).weighted({"b": 3}, EXAMPLES, labels)
    learner = learner.expecting({"b": 0.5}, EXAMPLES, labels)
    scores = torch.randn(3, 2, generator=torch.Generator().manual_seed(1))
    loss = learner.loss({"intent": scores}, Batch(intent=[0, 1, 1]), TrainingConfig())
    moved = scores - torch.tensor([0.0, 3.0]).log().nan_to_num(neginf=0.0)
    weight = torch.tensor([1.0, 3.0])
    expected = cross_entropy(moved, torch.tensor([0, 1, 1]), weight=weight)
    torch.testing.assert_close(loss, expected)


def test_a_task_of_several_labels_has_no_shares():
    with pytest.raises(EdgetextError, match="task multi_label gives no text one label of several"):
        learner_of("multi_label").expecting({"b": 0.5}, EXAMPLES, {"intent": LABELS, "tags": []})


def test_a_label_that_is_expected_more_often_is_answered_more_often(tmp_path):
    rng = random.Random(1)
    rows = [f"{rng.choice('pqrs')} {rng.choice('tuvw')},{rng.choice('aaab')}\n" for _ in range(160)]
    write_text(tmp_path / "d.csv", "text,label\n" + "".join(rows))
    fields = {"data": {"type": "csv", "train": "d.csv", "valid": "d.csv", "test": "d.csv"}}
    recipe = tmp_path / "r.yaml"
    write_text(
        recipe,
        json.dumps(
            fields
            | {
                "name": "r",
                "task": "classify",
                "text": {"vocabulary": 60},
                "encoder": {"type": "bag", "embedding": 8, "hidden": 8},
                "training": {"epochs": 4, "learning_rate": 0.02, "threads": 1},
            }
        ),
    )
    counts = []
    for shares in ("null", "{b: 0.6}"):
        overrides = [f"training.label_shares={shares}"]
        model = edgetext.train(str(recipe), overrides=overrides)
        model.save(tmp_path / "m.pt")
        predictor = edgetext.load(tmp_path / "m.pt")
        answers = [predictor.predict(row.partition(",")[0]).intent for row in rows]
        counts.append(answers.count("b"))
    assert counts[0] < 80 < counts[1]
