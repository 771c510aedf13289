"""Texts with none, one or several labels: what is learnt, decided and answered."""

import json

import pytest
import torch
from once import made_once
from tester import Tester
from torch.nn.functional import binary_cross_entropy_with_logits

import edgetext
from edgetext.cli import main
from edgetext.core.errors import EdgetextError
from edgetext.core.files import write_text
from edgetext.data.example import Example
from edgetext.model.model import Model
from edgetext.predictor import load
from edgetext.recipe import Recipe, TrainingConfig
from edgetext.tasks.answers.multi_label import LabelsAnswer
from edgetext.tasks.learner import learner_of
from edgetext.tasks.learners.multi_label import best_threshold
from edgetext.tasks.task import task_of
from edgetext.training.splits import load_splits
from edgetext.training.teachers import teachers_of
from edgetext.training.unlabeled import pseudo_labeled

RECIPE = """\
task: classify
multi_label: true
data: {{type: jsonl, train: {0}, valid: {0}, test: {0}}}
text: {{vocabulary: 150, max_bytes: 64}}
encoder: {{type: cnn, embedding: 32, hidden: 32, layers: 1, heads: 1, dropout: 0}}
training: {{epochs: 24, batch_size: 8, learning_rate: 0.01, threads: 1, ema_decay: 0.9}}
student:
  encoder: {{type: cnn, embedding: 16, hidden: 16, layers: 1, heads: 1, dropout: 0}}
  training: {{epochs: 12, batch_size: 8, learning_rate: 0.01, threads: 1}}
"""
WORDS = {"food": ("soup", "bread"), "sport": ("ball", "goal"), "music": ("song", "band")}
NAMES = {"intent": ["food", "music", "sport"], "slots": []}


def rows():
    """Texts of the words of every subset of the labels, in two orders."""
    labels = sorted(WORDS)
    for chosen in range(1 << len(labels)):
        has = [name for i, name in enumerate(labels) if chosen >> i & 1]
        for variant in range(6):
            words = [WORDS[name][(variant + i) % 2] for i, name in enumerate(has)]
            text = " ".join(["the", *(words[::-1] if variant > 2 else words), "now"[: variant + 1]])
            yield {"text": text, "intent": has}


@pytest.fixture(scope="session")
def labeled(models):
    """A trained model of several labels a text, as a checkpoint."""
    folder = models / "multi-label"
    path = folder / "teacher.pt"

    def make():
        write_text(folder / "d.jsonl", "".join(json.dumps(row) + "\n" for row in rows()))
        write_text(folder / "r.yaml", RECIPE.format(folder / "d.jsonl"))
        assert main(["train", str(folder / "r.yaml"), "-o", str(path)]) == 0

    return made_once(path, make)


def test_it_learns_every_combination(labeled):
    model = Model.load(labeled)
    assert (model.header.task, model.header.recipe["head"]["type"]) == ("multi_label",) * 2
    assert "multi_label" not in model.header.recipe
    assert model.header.metrics["test"] == {"micro_f1": 1.0, "macro_f1": 1.0, "exact_match": 1.0}
    answer = edgetext.load(labeled).predict("the ball and soup")
    assert set(answer.labels) == {"food", "sport"}
    assert edgetext.load(labeled).predict("the").labels == {}


def test_a_student_and_its_smaller_forms_answer_alike(labeled, tmp_path):
    student = edgetext.distill(labeled, overrides=["student.training.threads=1"])
    assert student.header.metrics["test"]["micro_f1"] > 0.95
    pruned = edgetext.prune(student, keep={"hidden": 12}, epochs=1).model
    assert pruned.header.task == "multi_label"
    int8 = edgetext.quantize(pruned).model
    before, after = (model.metadata().fields["raw_threshold"] for model in (pruned, int8))
    assert before == after


def test_texts_without_labels_get_those_that_the_teacher_is_sure_of(labeled, tmp_path, caplog):
    texts = tmp_path / "texts.txt"
    texts.write_text("a ball with soup\na goal\na\n")
    override = "student.distillation.confidence=0.6"
    with caplog.at_level("INFO", logger="edgetext"):
        edgetext.distill(labeled, unlabeled=[texts], overrides=[override])
    assert "3 unlabeled texts, 3 of them new" in caplog.text
    teacher = teachers_of([Model.load(labeled)], "multi_label")
    recipe = Recipe.load(labeled.with_name("r.yaml"))
    splits = load_splits(recipe)
    kept = pseudo_labeled([str(texts)], teacher, recipe, splits, 0.6).examples
    assert [set(e.intents) for e in kept] == [{"food", "sport"}, {"sport"}, set()]
    with pytest.raises(EdgetextError, match=r"none of 3 texts is new and answered"):
        pseudo_labeled([str(texts)], teacher, recipe, splits, 1.0)


@pytest.mark.parametrize("suffix", [".onnx", pytest.param(".pte", marks=pytest.mark.slow)])
def test_every_runtime_gives_the_same_labels_from_bytes(labeled, suffix):
    texts = [row["text"] for row in rows()]
    Tester(labeled, again=True).export(suffix).compare([*texts, "", "x" * 100, b"\xff soup"])


def test_the_file_says_what_its_scores_mean(labeled, capsys):
    (target,) = Tester(labeled, again=True).export(".onnx").files
    predictor = load(target)
    fields = predictor.metadata.fields
    assert 0.05 <= fields["raw_threshold"] <= 0.95
    assert (fields["outputs"], predictor.metadata.intents) == (
        ["scores", "truncated"],
        tuple(sorted(WORDS)),
    )
    assert "the text has those of 0.5 or more" in target.with_suffix(".md").read_text()
    none = next(example.expected for example in predictor.golden if not example.expected.labels)
    assert none.as_line(b"") == "no label"
    assert any(len(example.expected.labels) > 1 for example in predictor.golden)
    capsys.readouterr()
    assert main(["predict", "--json", str(target), "the ball and soup"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {entry["label"] for entry in answer["labels"]} == {"food", "sport"}
    assert all(entry["score"] >= 0.5 for entry in answer["labels"])


def test_it_is_measured_on_its_data(labeled, tmp_path, capsys):
    report = tmp_path / "r.md"
    command = ["evaluate", str(labeled), "--recipe", str(labeled.with_name("r.yaml"))]
    assert main([*command, "--json", "--report", str(report)]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["micro_f1"], row["exact_match"], row["class_f1"]["food"]) == (100, 100, 100)
    assert "## Each label" in report.read_text()


def test_where_one_label_is_learnt_several_are_refused_with_the_cure(labeled, capsys):
    recipe = labeled.with_name("r.yaml")
    assert main(["train", str(recipe), "--set", "multi_label=false"]) == 2
    error = capsys.readouterr().err
    assert "d.jsonl:1: the line has 0 labels" in error and "set `multi_label: true`" in error


@pytest.mark.parametrize(
    ("task", "words"),
    [("joint", "multi_label is for task classify, and this is task joint"), ("multi_label", None)],
)
def test_which_tasks_it_is_for(labeled, task, words):
    recipe, change = labeled.with_name("r.yaml"), [f"task={task}"]
    if words is None:
        assert Recipe.load(recipe, change).task == "multi_label"
        return
    with pytest.raises(EdgetextError, match=words):
        Recipe.load(recipe, change)


@pytest.mark.parametrize(
    ("scores", "has", "threshold"),
    [
        ([2.0, 1.0, -1.0, -2.0], [1, 1, 0, 0], 0.0),
        ([2.0, 1.5, 1.0, -2.0], [1, 1, 0, 0], 1.25),
        ([2.0, -1.0, -1.5, -2.0], [1, 1, 1, 0], -1.75),
        ([1.0, 1.0], [1, 0], 0.5),
        ([1.0, 0.0], [0, 0], 0.0),
        ([9.0, 8.0], [1, 0], 0.0),
    ],
)
def test_the_threshold_is_that_of_the_highest_f1(scores, has, threshold):
    found = best_threshold(torch.tensor(scores), torch.tensor(has, dtype=torch.float32))
    assert found == pytest.approx(threshold)


class Batch:
    """What a loss looks at."""

    def __init__(self, rows):
        self.targets = {"labels": torch.tensor(rows).unsqueeze(-1)}


def test_the_loss_is_binary_cross_entropy_of_each_label():
    learner = learner_of("multi_label")
    scores = {"intent": torch.randn(2, 3, generator=torch.Generator().manual_seed(1))}
    batch = Batch([[0, 2], [-100, -100]])
    has = torch.tensor([[1.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
    loss = learner.loss(scores, batch, TrainingConfig())
    expected = binary_cross_entropy_with_logits(scores["intent"], has) * 3
    torch.testing.assert_close(loss, expected)
    smooth = learner.loss(scores, batch, TrainingConfig(label_smoothing=0.2))
    expected = binary_cross_entropy_with_logits(scores["intent"], has * 0.8 + 0.1) * 3
    torch.testing.assert_close(smooth, expected)
    same = learner.soft_loss(scores, scores, (batch, batch), 2.0, TrainingConfig())
    torch.testing.assert_close(same, torch.tensor(0.0))
    other = {"intent": -scores["intent"]}
    assert learner.soft_loss(scores, other, (batch, batch), 2.0, TrainingConfig()) > 0


def test_metrics_and_decisions():
    task = task_of("multi_label")
    examples = [
        Example("x", None, intents=("food", "sport")),
        Example("y", "food"),
        Example("z", None, intents=()),
    ]
    answers = [
        LabelsAnswer({"food": 0.9}),
        LabelsAnswer({"food": 0.9}),
        LabelsAnswer({"sport": 0.6}),
    ]
    metrics = task.measure(examples, answers)
    assert metrics["micro_f1"] == pytest.approx(2 * 2 / (3 + 3))
    assert metrics["macro_f1"] == pytest.approx((1 + 0) / 2)
    assert metrics["exact_match"] == pytest.approx(1 / 3)
    assert list(task.decisions(examples[0], answers[0])) == [
        ("label", "food", "food"),
        ("label", "sport", ""),
    ]


def test_a_golden_row_comes_back():
    task = task_of("multi_label")
    answer = LabelsAnswer({"food": 0.9, "sport": 0.6}, 0.6, truncated=True)
    assert task.from_row(task.to_row(answer, NAMES), NAMES) == answer
    assert not task.agree(answer, LabelsAnswer({"food": 0.9}, 0.6, truncated=True))
