"""Words and labels of raw English and unspaced Thai, from CoNLL-U to three runtimes and int8."""

import random
from types import SimpleNamespace

import pytest
from once import made_once

from edgetext.artifacts.export import export
from edgetext.compression.quantization.quantize import quantize
from edgetext.core.files import write_text
from edgetext.evaluation.answers import evaluate
from edgetext.model.model import Model
from edgetext.predictor import load
from edgetext.recipe import Recipe
from edgetext.training.distill import distill
from edgetext.training.run import train
from edgetext.training.splits import load_split

# Two trainings and two files of a task whose own tiny model the fast tests have.
pytestmark = pytest.mark.slow

ENGLISH = [
    [("I", "PRON"), ("do|n't", "AUX|PART"), ("like", "VERB"), ("rain", "NOUN"), (".", "PUNCT")],
    [("She", "PRON"), ("sees", "VERB"), ("snow", "NOUN"), ("!", "PUNCT")],
    [("It|'s", "PRON|AUX"), ("rain", "NOUN"), (",", "PUNCT"), ("not", "PART"), ("snow", "NOUN")],
]
THAI = [
    [("ปลุก", "VERB"), ("ฉัน", "PRON"), ("พรุ่งนี้", "NOUN")],
    [("เขา", "PRON"), ("เห็น", "VERB"), ("หิมะ", "NOUN"), ("พรุ่งนี้", "NOUN")],
]
RECIPE = """\
task: tag
data: {{type: conllu, train: [{folder}/en.conllu, {folder}/th.conllu], \
valid: [{folder}/en.conllu, {folder}/th.conllu], test: [{folder}/en.conllu, {folder}/th.conllu]}}
sampling_temperature: 2
text: {{vocabulary: 200, max_bytes: 96, keep_accents: true, clusters: true}}
encoder: {{type: lstm, embedding: 32, hidden: 32, heads: 2, dropout: 0}}
training: {{epochs: 10, batch_size: 8, learning_rate: 0.02, threads: 1, patience: 0}}
student:
  text: {{vocabulary: 150, keep_accents: true, clusters: true}}
  encoder: {{type: cnn, embedding: 32, hidden: 32, kernel: 5, dropout: 0}}
  training: {{epochs: 30, batch_size: 8, learning_rate: 0.02, threads: 1, patience: 0}}
"""


def conllu(sentences, gap):
    """Sentences in CoNLL-U; gap: a space after each token but punctuation's neighbour."""
    blocks = []
    for tokens in sentences:
        lines, number = [], 1
        for i, (words, labels) in enumerate(tokens):
            parts = words.split("|")
            last = i + 1 == len(tokens) or tokens[i + 1][1] == "PUNCT" or not gap
            space = "SpaceAfter=No" if last else "_"
            if len(parts) > 1:
                ends = f"{number}-{number + len(parts) - 1}"
                lines.append(f"{ends}\t{''.join(parts)}" + "\t_" * 7 + f"\t{space}\n")
            for part, label in zip(parts, labels.split("|"), strict=True):
                own = space if len(parts) == 1 else "_"
                lines.append(f"{number}\t{part}\t_\t{label}" + "\t_" * 5 + f"\t{own}\n")
                number += 1
        blocks.append("".join(lines))
    return "\n".join(blocks)


THAI_WORDS = [("PRON", "เขา"), ("VERB", "เห็น"), ("NOUN", "หิมะ"), ("NOUN", "พรุ่งนี้")]


@pytest.fixture(scope="module")
def recipe(models):
    rng = random.Random(1)
    write_text(models / "en.conllu", conllu(rng.choices(ENGLISH, k=60), gap=True))
    write_text(models / "th.conllu", conllu(rng.choices(THAI, k=30), gap=False))
    path = models / "pos.yaml"
    write_text(path, RECIPE.format(folder=models))
    return Recipe.load(path)


@pytest.fixture(scope="module")
def student(recipe, models):
    teacher, student = models / "pos-teacher.pt", models / "pos-student.pt"

    def make():
        train(recipe).save(teacher)
        distill([Model.load(teacher)], recipe).save(student)

    return made_once(student, make)


@pytest.fixture(scope="module")
def pos(student):
    """The float32 student, and as onnx."""
    path = student.with_suffix(".onnx")
    made_once(path, lambda: export(Model.load(student), "server"))
    return SimpleNamespace(pt=load(student), onnx=load(path))


@pytest.fixture(scope="module")
def program(student):
    """The float32 student, and as pte, which takes long to write."""
    path = student.with_suffix(".pte")
    made_once(path, lambda: export(Model.load(student), "mobile", path))
    return SimpleNamespace(pt=load(student), pte=load(path))


@pytest.fixture(scope="module")
def int8(student):
    """The student in 8 bits, as a checkpoint."""
    path = student.with_name("pos-int8.pt")
    return load(made_once(path, lambda: quantize(Model.load(student)).model.save(path)))


def found(predictor, text):
    raw = text.encode()
    return [(s.label, raw[s.start : s.end].decode()) for s in predictor.predict(text).spans]


def test_each_runtime_reaches_the_labels_of_its_training_data(pos, int8, recipe):
    labels_are_reached([*vars(pos).values(), int8], recipe)


def test_executorch_reaches_the_labels_and_agrees_on_any_text(program, recipe, texts):
    labels_are_reached([program.pte], recipe)
    agree_on_any_text(program, texts)
    assert found(program.pte, "เขา เห็น หิมะ พรุ่งนี้") == THAI_WORDS


def labels_are_reached(predictors, recipe):
    examples = load_split(recipe, "test")
    for measured in evaluate(predictors, examples):
        metrics = measured.metrics(examples)
        assert metrics["accuracy"] > 0.95 and metrics["span_f1"] > 0.95


def test_raw_text_is_parted_into_labeled_words(pos):
    assert found(pos.onnx, "I don't like rain.") == [
        ("PRON", "I"),
        ("AUX+PART", "don't"),
        ("VERB", "like"),
        ("NOUN", "rain"),
        ("PUNCT", "."),
    ]
    assert found(pos.onnx, "It's rain")[:2] == [("PRON", "It"), ("AUX", "'s")]


def test_thai_words_are_found_without_spaces(pos):
    assert found(pos.onnx, "เขาเห็นหิมะพรุ่งนี้") == THAI_WORDS
    assert found(pos.onnx, "เขา เห็น หิมะ พรุ่งนี้") == THAI_WORDS


def test_the_runtimes_agree_on_any_text(pos, texts):
    agree_on_any_text(pos, texts)


def agree_on_any_text(pos, texts):
    more = ["ปลุกฉัน" * 20, "่่่", "กa่ 5ตี ฉันdon't", "ປຸກ ကြ ខ្ញុំ"]
    for text in [*texts, *(text.encode() for text in more)]:
        one, other = (predictor.predict(text) for predictor in vars(pos).values())
        assert (one.spans, one.truncated) == (other.spans, other.truncated), text


def test_a_student_that_forms_other_words_is_refused(recipe, models, tmp_path, pos):
    from edgetext.core.errors import EdgetextError

    changed = recipe.model_copy(deep=True)
    changed.student.text.clusters = False
    with pytest.raises(EdgetextError, match=r"student\.text\.clusters is none but .*thai"):
        distill([Model.load(models / "pos-teacher.pt")], changed)
