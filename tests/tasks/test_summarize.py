"""The task summarize: what sentences are worth, the loss, and a tiny model in every runtime."""

import json
import random
from types import SimpleNamespace

import pytest
import torch
from once import made_once

from edgetext.artifacts.export import export
from edgetext.cli import main
from edgetext.compression.quantization.quantize import quantize
from edgetext.core.errors import EdgetextError
from edgetext.core.files import write_text
from edgetext.data.example import Example, Sentence
from edgetext.evaluation.answers import evaluate
from edgetext.model.model import Model
from edgetext.models import build_network
from edgetext.predictor import load
from edgetext.recipe import Recipe, TrainingConfig
from edgetext.tasks.answers.summarize import SummaryAnswer
from edgetext.tasks.learner import learner_of
from edgetext.tasks.rouge import best_rouge
from edgetext.tasks.words import IGNORE
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.dataset import EncodedSet
from edgetext.training.distill import distill
from edgetext.training.run import train
from edgetext.training.splits import load_split

LEARNER = learner_of("summarize")
TASK = LEARNER.task
FILLERS = ["It was cold.", "Nobody knew why!", "See the table (left).", "Who asked?", "Łódź won."]
BEST = ["We show that cats sleep.", "We show that dogs bark.", "We show that rain is wet."]
RECIPE = """\
task: summarize
data: {{type: summaries, train: {folder}/train.jsonl, valid: {folder}/test.jsonl, \
test: {folder}/test.jsonl}}
text: {{vocabulary: 150, max_bytes: 128}}
encoder: {{type: cnn, embedding: 16, hidden: 16, layers: 1, dropout: 0}}
head: {{type: summarize, hidden: 16, dropout: 0}}
training: {{epochs: 8, batch_size: 8, learning_rate: 0.02, threads: 1, patience: 0}}
student:
  text: {{vocabulary: 120}}
  encoder: {{type: conv, embedding: 16, hidden: 16, layers: 1, kernel: 3, dropout: 0}}
  head: {{type: summarize, hidden: 16, queries: 2, layers: 0, dropout: 0}}
  distillation: {{qat_epochs: 2}}
  training: {{epochs: 10, batch_size: 8, learning_rate: 0.02, threads: 1, patience: 0}}
"""


@pytest.fixture(scope="module")
def recipe(models):
    rng = random.Random(1)
    for split, count in (("train", 64), ("test", 16)):
        rows = []
        for _ in range(count):
            best = rng.choice(BEST)
            source = [*rng.sample(FILLERS, 3), best]
            rng.shuffle(source)
            rows.append(json.dumps({"source": source, "target": [best.lower(), "No idea."]}))
        write_text(models / f"{split}.jsonl", "\n".join(rows) + "\n")
    path = models / "summary.yaml"
    write_text(path, RECIPE.format(folder=models))
    return Recipe.load(path)


@pytest.fixture(scope="module")
def files(recipe, models):
    """teacher: pt and onnx; int8: the student's pt."""
    teacher, student = models / "summary.pt", models / "summary-student.pt"
    int8 = models / "summary-int8.pt"

    def make():
        train(recipe).save(teacher)
        distill([Model.load(teacher)], recipe).save(student)
        quantize(Model.load(student)).model.save(int8)

    made_once(int8, make)
    return SimpleNamespace(teacher=_loaded(teacher, ".onnx"), int8={"pt": load(int8)}, path=int8)


@pytest.fixture(scope="module")
def int8_files(files):
    """The student's pt and pte, which takes long to write."""
    return _loaded(files.path, ".pte")


def _loaded(checkpoint, suffix):
    path = checkpoint.with_suffix(suffix)
    made_once(path, lambda: export(Model.load(checkpoint), "mobile", path))
    return {file.suffix[1:]: load(file) for file in (checkpoint, path)}


def test_each_runtime_finds_the_best_sentence(files, recipe):
    best_sentences_are_found([*files.teacher.values(), *files.int8.values()], recipe)


@pytest.mark.slow
def test_executorch_finds_the_best_sentence(int8_files, recipe):
    best_sentences_are_found([int8_files["pte"]], recipe)
    assert main(["verify", str(int8_files["pte"].path)]) == 0


def best_sentences_are_found(predictors, recipe):
    examples = load_split(recipe, "test")
    for found in evaluate(predictors, examples):
        metrics = found.metrics(examples)
        assert metrics["rouge1"] > 0.95 * metrics["oracle_rouge1"]
        assert metrics["rouge1"] > metrics["lead_rouge1"] + 0.2
        assert metrics["boundary_f1"] == 1


def test_the_runtimes_agree_on_any_text(files, texts):
    agree_on_any_text(files.teacher, texts, 1e-4)


@pytest.mark.slow
def test_executorch_agrees_on_any_text(int8_files, texts):
    agree_on_any_text(int8_files, texts, 0.05)


def agree_on_any_text(files, texts, near):
    more = ["A. B! C? " * 20, "你。好！" * 20, "... ", "We show it. " * 30, "Yes.\n\nNo way. (So.)"]
    pt, *others = files.values()
    for text in [*texts, *(text.encode() for text in more)]:
        expected = pt.predict(text)
        for other in others:
            answer = other.predict(text)
            assert [(s.start, s.end) for s in answer.sentences] == [
                (s.start, s.end) for s in expected.sentences
            ]
            assert answer.truncated == expected.truncated
            for one, two in zip(answer.sentences, expected.sentences, strict=True):
                assert one.score == pytest.approx(two.score, abs=near)


def test_an_answer_is_sentences_with_scores(files):
    text = b"It was cold.  We show\nthat dogs bark. Who asked?"
    answer = files.teacher["onnx"].predict(text)
    assert [(s.start, s.end) for s in answer.sentences] == [(0, 12), (14, 37), (38, 48)]
    assert sum(s.score for s in answer.sentences) == pytest.approx(1, abs=1e-5)
    assert answer.as_line(text) == "We show that dogs bark."
    assert answer.as_line(text, top=9) == "It was cold. We show that dogs bark. Who asked?"
    found = answer.as_json(text, top=1)
    assert found["summary"] == "We show that dogs bark."
    assert found["sentences"][1]["text"] == "We show\nthat dogs bark."
    assert (found["sentences"][1]["start"], found["truncated"]) == (14, False)
    assert [s.text for s in answer.sentences] == [s["text"] for s in found["sentences"]]


@pytest.mark.parametrize("text", ["", " "])
def test_an_empty_text_is_one_empty_sentence(files, text):
    for predictor in (*files.teacher.values(), *files.int8.values()):
        answer = predictor.predict(text)
        assert [(s.start, s.end) for s in answer.sentences] == [(0, 0)]
        assert answer.score == pytest.approx(1)


def test_predict_and_verify(files, capsys):
    onnx = str(files.teacher["onnx"].path)
    assert main(["predict", onnx, "Who asked? We show that rain is wet."]) == 0
    assert capsys.readouterr().out == "We show that rain is wet.\n"
    assert main(["verify", onnx]) == 0
    card = files.teacher["onnx"].path.with_suffix(".md").read_text()
    assert "`sentences` float32[1, S]" in card and "`ranges` int32[1, S, 2]" in card


def test_the_report_names_the_place_of_the_best_sentence(files, recipe):
    (example,) = load_split(recipe, "test")[:1]
    answer = files.teacher["pt"].predict(example.text)
    ((kind, wanted, found),) = TASK.decisions(example, answer)
    assert kind == "best sentence" and wanted == found


def test_rouge_is_that_of_the_nearest_reference():
    found = best_rouge("We show that dogs bark", ["cats", "dogs bark loudly", "we do not show"])
    assert found.rouge1 == pytest.approx(2 * 2 / (5 + 3))
    assert found.rouge2 == pytest.approx(2 * 1 / (4 + 2))
    assert found.rouge_l == pytest.approx(2 * 2 / (5 + 3))


def test_worth_is_the_data_s_or_found_by_comparison():
    vocabulary = Vocabulary.train(["We go. They stay."], size=60)
    plain = Example("We go. They stay.", None, references=("they stay",))
    given = Example(plain.text, None, references=("x",), sentences=(
        Sentence(0, 6, 0.25), Sentence(7, 11, 0.5), Sentence(12, 17, 0.75),
    ))  # fmt: skip
    encoding = LEARNER.encode(plain, vocabulary, 64)
    assert LEARNER.targets(plain, encoding, {})["sentences"].tolist() == [[0], [10_000]]
    assert LEARNER.targets(given, encoding, {})["sentences"].tolist() == [[2500], [7500]]


@pytest.fixture
def encoded():
    examples = [
        Example("We go. They stay. So it is", None, references=("they stay",)),
        Example("It is", None, references=("it is",)),
    ]
    vocabulary = Vocabulary.train([e.text for e in examples], size=60)
    torch.manual_seed(0)
    model = {
        "encoder": {"type": "bag", "embedding": 8, "hidden": 8},
        "head": {"type": "summarize", "hidden": 8, "layers": 1, "heads": 2},
    }
    network = build_network(model, len(vocabulary), {}).eval()
    return EncodedSet(examples, LEARNER, vocabulary, {}, 64), network


def test_padding_changes_no_loss(encoded):
    data, network = encoded
    assert data.targets["sentences"].squeeze(-1).tolist()[1][1:] == [IGNORE, IGNORE]

    def loss(rows):
        batch = data.batch(torch.tensor(rows))
        return LEARNER.loss(network(batch.ids, batch.mask), batch, TrainingConfig())

    torch.testing.assert_close(loss([0, 1]), (loss([0]) + loss([1])) / 2)


def test_a_teacher_that_says_the_same_is_at_no_distance(encoded):
    data, network = encoded
    batch = data.batch(torch.arange(2))
    scores = network(batch.ids, batch.mask)
    distance = LEARNER.soft_loss(scores, scores, (batch, batch), 2.0, TrainingConfig())
    assert float(distance.detach()) == pytest.approx(0, abs=1e-6)


def test_a_text_without_a_summary_is_refused():
    with pytest.raises(EdgetextError, match=r"f:3: the text has no summary; add one"):
        LEARNER.labels([Example("We go.", None, source="f:3")])


def test_the_library_is_asked_for_by_name(monkeypatch):
    from edgetext.tasks import rouge

    rouge._scorer.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "rouge_score.rouge_scorer", None)
    with pytest.raises(EdgetextError, match=r"pip install 'edgetext\[summarize\]'"):
        best_rouge("never seen before", ["nor this"])


def test_golden_answers_come_back():
    answer = SummaryAnswer(score=0.75, sentences=(Sentence(0, 5, 0.25), Sentence(6, 9, 0.75)))
    names = LEARNER.names({})
    assert TASK.from_row(TASK.to_row(answer, names), names) == answer
    other = SummaryAnswer(score=0.75, sentences=(Sentence(0, 5, 0.75), Sentence(6, 9, 0.25)))
    assert TASK.agree(answer, answer) and not TASK.agree(answer, other)
