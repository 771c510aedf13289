"""Several tasks over one encoder: whose labels, losses and answers are whose."""

import re

import pytest
import torch

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, Span
from edgetext.models import build_network
from edgetext.recipe import Recipe, TrainingConfig
from edgetext.tasks.learner import learner_of
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.dataset import EncodedSet
from edgetext.training.evaluation import judge
from edgetext.training.splits import load_splits

EXAMPLES = [
    Example("go there", "go", (Span("x", 3, 8),), "f:1", "a=joint"),
    Example("stay", "stay", (), "f:2", "a=joint"),
    Example("good", "yes", (), "g:1", "b=classify"),
    Example("bad", "no", (), "g:2", "b=classify"),
]


@pytest.fixture
def encoded():
    bare = learner_of("multi")
    labels = bare.labels(EXAMPLES)
    task = bare.bind(labels)
    vocabulary = Vocabulary.train([e.text for e in EXAMPLES], size=60)
    torch.manual_seed(0)
    network = build_network(
        {"encoder": {"type": "bag", "embedding": 8, "hidden": 8}, "head": {"type": "multi"}},
        len(vocabulary),
        labels,
    ).eval()
    return EncodedSet(EXAMPLES, task, vocabulary, labels, 64), network


def test_each_part_has_its_own_labels(encoded):
    data, _ = encoded
    assert data.labels["tasks"] == ["a=joint", "b=classify"]
    assert data.labels["a.intent"] == ["go", "stay"] and data.labels["b.intent"] == ["no", "yes"]
    assert data.learner.task.outputs == ("a.scores", "a.spans", "b.scores", "truncated")


def test_the_loss_is_that_of_the_parts_on_their_own_rows(encoded):
    data, network = encoded
    config = TrainingConfig()
    batch = data.batch(torch.arange(4))
    scores = network(batch.ids, batch.mask)
    whole = data.learner.loss(scores, batch, config)
    halves = [
        data.learner.loss(network(b.ids, b.mask), b, config)
        for b in (data.batch(torch.tensor(rows)) for rows in ([0, 1], [2, 3]))
    ]
    torch.testing.assert_close(whole, sum(halves) / 2)


def test_a_label_of_another_part_is_unknown(encoded):
    data, _ = encoded
    stray = Example("good", "go", (), "g:3", "b=classify")
    vocabulary = Vocabulary.train(["good"], size=60)
    with pytest.raises(EdgetextError, match=r"g:3: the intent 'go'"):
        EncodedSet([stray], data.learner, vocabulary, data.labels, 64)


def test_a_line_of_no_part_is_refused(encoded):
    data, _ = encoded
    with pytest.raises(EdgetextError, match=r"f:9: the line is of none of .* \(a, b\)"):
        list(data.learner.task.used(Example("x", "go", (), "f:9")))


def test_an_epoch_samples_by_temperature(data, write_recipe):
    splits = load_splits(Recipe.load(write_recipe(data, "mixed", "multi")))
    epoch = splits.augmented(1)
    assert len(epoch) == len(splits.train) and splits.augmented(1) == epoch
    assert {e.task for e in epoch} == {"trips=joint", "kind=classify", "names=tag"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("task: multi", "task: joint"), "task joint has no parts; set `task: multi`"),
        (("sampling_temperature: 2", "data: {type: assistant}"), "give data or tasks, not both"),
        (
            ("kind: {task: classify", "kind: {task: sort"),
            "tasks.kind.*: sort is not a type of task",
        ),
        (("  kind: ", "  a-b: "), r"tasks\.a-b: a part's name"),
        (("tasks:", "tasks: {}\nencoder2:"), "encoder2 is not a field|tasks is empty"),
    ],
)
def test_a_recipe_with_bad_parts_is_refused(data, write_recipe, tmp_path, change, words):
    text = write_recipe(data, "mixed", "multi").read_text()
    path = tmp_path / "bad.yaml"
    path.write_text(text.replace(*change))
    with pytest.raises(EdgetextError, match=rf"^{re.escape(str(path))}: .*{words}|{words}"):
        Recipe.load(path)


def test_a_recipe_without_parts_is_refused(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text("task: multi\ndata: {type: assistant}\nencoder: {type: cnn}\n")
    with pytest.raises(EdgetextError, match=r"bad\.yaml: task multi is made of parts; name them"):
        Recipe.load(path)


def test_a_task_that_reads_texts_in_its_own_way_is_no_part():
    examples = [Example("We go.", None, task="a=summarize", references=("go",))]
    with pytest.raises(EdgetextError, match=r"^tasks\.a: task summarize .* give it a recipe"):
        learner_of("multi").labels(examples)


def test_labels_are_scored_by_part_on_its_own_examples(encoded):
    data, network = encoded
    judged = judge(network, data)
    scores = judged.classes
    assert set(scores) == {"a.go", "a.stay", "b.no", "b.yes"}
    assert all(score.support == 1 for score in scores.values())
    for part, metric in (("a", "a.accuracy"), ("b", "b.accuracy")):
        right = [score.recall for label, score in scores.items() if label.startswith(f"{part}.")]
        assert judged.metrics[metric] == sum(right) / 2
    assert judged.figures["macro_f1"] == sum(score.f1 for score in scores.values()) / 4
