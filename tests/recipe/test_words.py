"""Words that were renamed: each old one is read as the new one, with one line that says so."""

import logging
from pathlib import Path

import pytest
import yaml

from edgetext.core.errors import EdgetextError
from edgetext.recipe import Recipe, load_student
from edgetext.recipe.words import FIELDS, TYPES, current_type

PAIR = "task: match\ndata: {type: pairs, train: a, valid: a, test: a}\n"
ONE = "task: joint\ndata: {type: assistant}\n"
# Where the sections stand whose fields have been renamed.
PATHS = {
    "recipe": ("",),
    "training": ("training.", "student.training."),
    "distillation": ("student.distillation.",),
    "encoder": ("encoder.", "student.encoder."),
    "head": ("head.", "student.head."),
}
CASES = [(word, path) for word in (*FIELDS, *TYPES) for path in PATHS[word.section]]
VALUES = {"sampling": 2, "normalise": True, "rounded_epochs": 3}


def set_at(data, path, name, value):
    for section in path.split(".")[:-1]:
        data = data.setdefault(section, {})
    data[name] = value


def recipe_of(word, path, new):
    """A small recipe's mapping with one word, the old or the new one."""
    data = yaml.safe_load(PAIR if word.section == "head" else ONE)
    data["encoder"] = {"type": "conv"}
    data["student"] = {"encoder": {"type": "conv"}}
    if word in TYPES:
        set_at(data, path, "type", word.new if new else word.old)
    else:
        set_at(data, path, word.new if new else word.old, VALUES.get(word.old, 0.25))
    return data


@pytest.fixture
def write(tmp_path):
    def write(data, name="tiny.yaml"):
        path = tmp_path / name
        path.write_text(yaml.safe_dump(data, sort_keys=False))
        return path

    return write


@pytest.mark.parametrize(("word", "path"), CASES, ids=[f"{p}{w.old}" for w, p in CASES])
def test_an_old_word_in_a_file_is_the_new_one_with_a_warning(write, caplog, word, path):
    expected = Recipe.load(write(recipe_of(word, path, new=True))).resolved()
    assert caplog.messages == []
    file = write(recipe_of(word, path, new=False))
    assert Recipe.load(file).resolved() == expected
    (line,) = caplog.messages
    assert caplog.records[0].levelno == logging.WARNING
    if word in TYPES:
        assert line.startswith(f"{file}: {path}type {word.old} is called {word.new} now;")
    else:
        assert line.startswith(f"{file}: {path}{word.old} is called {path}{word.new} now;")


@pytest.mark.parametrize(("word", "path"), CASES, ids=[f"{p}{w.old}" for w, p in CASES])
def test_an_old_word_in_an_override_is_the_new_one_with_a_warning(write, caplog, word, path):
    data = recipe_of(word, path, new=True)
    expected = Recipe.load(write(data)).resolved()
    value = word.old if word in TYPES else VALUES.get(word.old, 0.25)
    override = f"{path}{'type' if word in TYPES else word.old}={value}"
    assert Recipe.load(write(data), [override]).resolved() == expected
    (line,) = caplog.messages
    assert line.startswith(f"--set {override}: {path}") and f"{word.new} now" in line


@pytest.mark.parametrize(("word", "path"), CASES, ids=[f"{p}{w.old}" for w, p in CASES])
def test_an_old_word_in_a_checkpoint_is_read_silently(caplog, word, path):
    data = {"name": "tiny", **recipe_of(word, path, new=False)}
    expected = Recipe.from_dict({"name": "tiny", **recipe_of(word, path, new=True)})
    assert Recipe.from_dict(data).resolved() == expected.resolved()
    assert caplog.messages == []


def test_several_old_words_are_one_line(write, caplog):
    text = {**yaml.safe_load(ONE), "encoder": {"type": "window", "normalise": True}}
    text["training"] = {"average": 0.9, "piece_dropout": 0.1}
    recipe = Recipe.load(write(text))
    assert recipe.encoder.type == "conv" and recipe.encoder.own_fields["normalize"] is True
    assert (recipe.training.ema_decay, recipe.training.token_dropout) == (0.9, 0.1)
    assert len(caplog.messages) == 1 and caplog.messages[0].count(" is called ") == 4


def test_a_part_of_several_tasks_and_a_student_of_its_own_file(write, caplog):
    text = {**yaml.safe_load(ONE), "encoder": {"type": "conv"}}
    student = write(
        {"encoder": {"type": "window"}, "distillation": {"rounded_epochs": 1}}, "s.yaml"
    )
    made = load_student(student, Recipe.load(write(text)))
    assert (made.encoder.type, made.distillation.qat_epochs) == ("conv", 1)
    (line,) = caplog.messages
    assert line.startswith(f"{student}: encoder.type window is called conv now, distillation.")


def test_a_field_by_both_words_is_refused(write):
    text = {**yaml.safe_load(ONE), "encoder": {"type": "conv"}}
    text["training"] = {"average": 0.9, "ema_decay": 0.99}
    with pytest.raises(EdgetextError, match=r"tiny\.yaml: training\.average is the old word for"):
        Recipe.load(write(text))


def test_an_old_word_is_no_field_of_another_type(write):
    text = {**yaml.safe_load(ONE), "encoder": {"type": "bag", "normalise": True}}
    with pytest.raises(
        EdgetextError, match=r"encoder\.normalise is not a field of encoder type bag"
    ):
        Recipe.load(write(text))


def test_the_type_of_a_component_has_one_word():
    assert current_type("encoder", "window") == current_type("encoder", "conv") == "conv"
    assert current_type("head", "window") == "window"


def test_the_glossary_lists_every_renamed_word():
    page = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text("utf-8")
    for word in (*FIELDS, *TYPES):
        assert f"| `{word.old}` | `{word.new}` |" in page


RESTATED = [
    ("conv", {"kernels": [3, 3, 3]}, {"layers": 3, "kernel": 3}),
    ("conv", {"kernels": [5, 3]}, {"layers": 2, "kernel": [5, 3]}),
    ("conv", {"attend": 2}, {"heads": 1, "attention_after": 2}),
    ("conv", {"attend": 0}, {"heads": 0}),
    ("window", {"kernels": [1], "attend": 1}, {"layers": 1, "kernel": 1, "heads": 1,
                                               "attention_after": 1}),
    ("cnn", {"layers": 3, "heads": 2, "after": 1}, {"layers": 3, "heads": 2, "attention_after": 2}),
    ("cnn", {"heads": 2, "after": 1}, {"heads": 2, "attention_after": 1}),
    ("cnn", {"layers": 3, "heads": 2, "after": 0}, {"layers": 3, "heads": 2}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "old", "new"), RESTATED)
@pytest.mark.parametrize("section", ["encoder", "student"])
def test_layers_and_attention_are_said_by_the_same_fields(write, caplog, kind, old, new, section):
    def recipe(fields):
        encoder = {"type": kind, **fields}
        part = encoder if section == "encoder" else {"encoder": encoder}
        return {**yaml.safe_load(ONE), "encoder": {"type": "bag"}, section: part}

    expected = Recipe.load(write(recipe(new))).resolved()
    caplog.clear()
    file = write(recipe(old))
    assert Recipe.load(file).resolved() == expected
    (line,) = caplog.messages
    path = "encoder." if section == "encoder" else "student.encoder."
    for word in {"kernels", "attend", "after"} & set(old):
        now = "kernel" if word == "kernels" else "attention_after"
        assert f"{path}{word} is called {path}{now} now" in line


def test_an_override_by_an_old_word_counts_the_layers_of_the_recipe(write, caplog):
    text = {**yaml.safe_load(ONE), "encoder": {"type": "cnn", "layers": 4, "heads": 2}}
    encoder = Recipe.load(write(text), ["encoder.after=1"]).encoder.own_fields
    assert (encoder["layers"], encoder["attention_after"]) == (4, 3)
    text["encoder"] = {"type": "conv", "heads": 1, "attention_after": 2}
    encoder = Recipe.load(write(text), ["encoder.attend=0"]).encoder.own_fields
    assert (encoder["heads"], encoder["attention_after"]) == (0, None)
    encoder = Recipe.load(write(text), ["encoder.kernels=[5, 5, 5]"]).encoder.own_fields
    assert (encoder["layers"], encoder["kernel"], encoder["attention_after"]) == (3, 5, 2)
    assert len(caplog.messages) == 3


def test_a_kernel_by_both_words_is_refused(write):
    text = {**yaml.safe_load(ONE), "encoder": {"type": "conv", "kernels": [3], "kernel": 3}}
    with pytest.raises(
        EdgetextError, match=r"encoder\.kernels is the old word for encoder\.kernel"
    ):
        Recipe.load(write(text))
