"""Recipes: what is read, filled in, overridden and refused."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from edgetext.core.errors import EdgetextError
from edgetext.recipe import (
    Recipe,
    TrainingConfig,
    find_recipe,
    load_student,
    shipped_recipes,
    summaries,
)
from edgetext.registry import lookup

BASE = """\
# A tiny one.
task: joint
data: {type: assistant}
encoder: {type: transformer, layers: 1}
"""
STUDENT = """\
student:
  encoder: {type: cnn, hidden: 32}
  distillation: {temperature: 3}
"""


@pytest.fixture
def write(tmp_path):
    def write(text=BASE, name="tiny.yaml"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def refused(path, *overrides):
    with pytest.raises(EdgetextError) as caught:
        Recipe.load(path, overrides)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_what_is_left_out_is_filled_in(write):
    recipe = Recipe.load(write())
    assert recipe.name == "tiny"
    assert recipe.head.type == "joint"
    assert recipe.training == TrainingConfig()
    assert recipe.encoder.own_fields["layers"] == 1
    defaults = lookup("encoder", "transformer").Config(layers=1)
    assert recipe.encoder.own_fields == defaults.model_dump()
    assert recipe.student is None


def test_the_default_head_is_that_of_the_task(write):
    assert Recipe.load(write(), ["task=classify"]).head.type == "classify"


def test_a_resolved_recipe_is_json_and_comes_back_the_same(write):
    recipe = Recipe.load(write(BASE + STUDENT), ["training.learning_rate=1e-4"])
    resolved = json.loads(json.dumps(recipe.resolved()))
    again = Recipe.from_dict(resolved)
    assert again.resolved() == resolved
    assert again.training.learning_rate == 1e-4
    assert again.student.encoder.own_fields["hidden"] == 32
    assert again.student.distillation.temperature == 3


def test_a_dumped_recipe_builds_a_network(write):
    from edgetext.models import build_network

    labels = {"intent": ["a"], "tags": ["O", "B-x", "I-x"]}
    dumped = Recipe.load(write()).resolved()
    assert build_network(dumped, 50, labels).encoder.config.layers == 1


def test_overrides_are_yaml_values_and_make_sections(write):
    recipe = Recipe.load(
        write(), ["encoder={type: bag, hidden: 16}", "training.epochs=3", "text.lowercase=false"]
    )
    assert recipe.encoder.type == "bag"
    assert recipe.training.epochs == 3
    assert recipe.text.lowercase is False
    student = Recipe.load(write(), ["student.encoder.type=bag"]).student
    assert student.encoder.type == "bag"


def test_a_wrong_field_is_named_with_the_file_and_the_nearest_field(write):
    path = write(BASE.replace("layers", "layrs"))
    assert refused(path).startswith(
        f"{path}: encoder.layrs is not a field of encoder type transformer; did you mean layers?"
    )


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("encodr.type=bag", "encodr is not a field of a recipe; did you mean encoder?"),
        (
            "training.epoch=3",
            "training.epoch is not a field of section training; did you mean epochs?",
        ),
        ("training.epochs=0", "training.epochs: input should be greater than or equal to 1, not 0"),
        ("training.epochs=many", "training.epochs: input should be a valid integer"),
        ("training.schedule=cosin", "training.schedule: input should be 'cosine', 'linear'"),
        ("training.learning_rate=.nan", "training.learning_rate: "),
        ("training=5", "training is a section with fields of its own, not the value 5"),
        ("encoder.hidden=30", "encoder: hidden (30) must be a multiple of heads (4)"),
        ("encoder.type=transfomer", "encoder.type: transfomer is not a type of encoder"),
        ("data.type=asistant", "data.type: asistant is not a type of reader; did you mean assis"),
        ("head.type=classify", "head.type: classify does not answer task joint; use joint"),
        ("task=parsing", "task: parsing is not a type of task"),
        ("name=a/b", "name: string should match pattern"),
        ("student.training.epochs=3", "student.encoder is missing; add it to the recipe"),
        (
            "student={encoder: {type: cnn, layrs: 2}}",
            "student.encoder.layrs is not a field of encoder type cnn; did you mean layers?",
        ),
        (
            "student={encoder: {type: cnn}, distillation: {temprature: 2}}",
            "student.distillation.temprature is not a field of section student.distillation; "
            "did you mean temperature?",
        ),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_field(write, override, expected):
    path = write()
    assert refused(path, override).startswith(f"{path}: {expected}")


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("epochs", "--set epochs: give a field and a value"),
        ("=3", "--set =3: give a field and a value"),
        ("training..epochs=3", "--set training..epochs=3: give a field and a value"),
        ("task.name=3", "--set task.name=3: task is one value and has no field name"),
        ("training.epochs=[3", "--set training.epochs=[3: [3 is not a YAML value"),
    ],
)
def test_a_malformed_override_is_one_sentence(write, override, expected):
    assert refused(write(), override).startswith(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("task: [joint\n", r":2: not valid YAML"),
        ("task: joint\nseed: 1\ntask: joint\n", ":3: not valid YAML: task is given twice"),
        ("- task\n", ": a recipe is a YAML mapping"),
        ("", ": a recipe is a YAML mapping"),
        ("task: joint\nencoder: {type: bag}\n", ": data is missing; add it to the recipe"),
    ],
)
def test_a_broken_file_is_named_with_its_line(write, text, expected):
    path = write(text)
    assert refused(path).startswith(f"{path}{expected}")


def test_a_file_that_is_not_utf8(tmp_path):
    path = tmp_path / "latin.yaml"
    path.write_bytes("task: joint # né".encode("latin-1"))
    assert "not UTF-8" in refused(path)


def test_a_user_module_joins_through_import_and_never_from_a_checkpoint(write, tmp_path):
    proof = tmp_path / "ran"
    (tmp_path / "mine.py").write_text(
        f"open({str(proof)!r}, 'a').write('x')\n"
        "from pydantic import BaseModel, ConfigDict\n"
        "from edgetext.registry import register\n"
        "@register('encoder', 'mine_of_recipe')\n"
        "class Mine:\n"
        "    class Config(BaseModel):\n"
        "        model_config = ConfigDict(extra='forbid')\n"
        "        width: int = 7\n"
    )
    text = BASE.replace("{type: transformer, layers: 1}", "{type: mine_of_recipe}")
    recipe = Recipe.load(write("import: mine.py\n" + text))
    assert recipe.imports == ["mine.py"]
    assert recipe.encoder.own_fields == {"width": 7}
    assert recipe.resolved()["import"] == ["mine.py"]

    (tmp_path / "other.py").write_text(f"open({str(proof)!r}, 'a').write('again')\n")
    resolved = {**recipe.resolved(), "import": [str(tmp_path / "other.py")]}
    Recipe.from_dict(resolved)
    assert proof.read_text() == "x"


def test_a_recipe_is_found_by_name_or_with_a_suggestion(write, tmp_path):
    write(name="tiny_joint.yaml")
    assert list(shipped_recipes([tmp_path])) == ["tiny_joint"]
    assert find_recipe("tiny_joint", [tmp_path]) == tmp_path / "tiny_joint.yaml"
    with pytest.raises(EdgetextError, match=r"did you mean snips_joint\?"):
        find_recipe("snips_join")
    with pytest.raises(EdgetextError, match=r"gone\.yaml: there is no such recipe file"):
        find_recipe("gone.yaml")


def test_data_is_found_beside_the_recipe_here_and_in_the_data_folder(write, tmp_path, monkeypatch):
    here, data = tmp_path / "here", tmp_path / "data"
    for folder in (here, data):
        folder.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("EDGETEXT_DATA", str(data))
    recipe = Recipe.load(write())
    with pytest.raises(EdgetextError, match=r"train\.tsv: recipe tiny names this file"):
        recipe.find("train.tsv")
    for folder in (data, here, tmp_path):
        (folder / "train.tsv").touch()
        assert recipe.find("train.tsv").resolve() == folder / "train.tsv"
    assert recipe.find(str(data / "train.tsv")) == data / "train.tsv"


def test_of_two_files_of_a_name_the_one_beside_the_recipe_is_read_and_both_are_named(
    write, tmp_path, monkeypatch, caplog
):
    recipe = Recipe.load(write())
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    for folder in (tmp_path, here):
        (folder / "train.tsv").write_text("text,label\n")
    assert recipe.find("train.tsv") == tmp_path / "train.tsv"
    assert f"{tmp_path / 'train.tsv'} is read, not {here / 'train.tsv'}" in caplog.text
    caplog.clear()
    monkeypatch.chdir(tmp_path)
    assert recipe.find("train.tsv").samefile(tmp_path / "train.tsv") and not caplog.text


def test_a_student_comes_from_its_own_file(write, tmp_path):
    recipe = Recipe.load(write())
    path = tmp_path / "student.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(STUDENT)["student"]))
    student = load_student(path, recipe)
    assert student.encoder.own_fields["hidden"] == 32
    assert student.head.type == "joint"
    path.write_text("encoder: {type: cnn, hiden: 3}\n")
    with pytest.raises(EdgetextError, match=r"student\.yaml: encoder\.hiden is not a field"):
        load_student(path, recipe)


@pytest.mark.parametrize("name", sorted(shipped_recipes()))
def test_every_shipped_recipe_loads_and_says_what_it_is_for(name, caplog):
    recipe = Recipe.load(name)
    assert caplog.messages == []  # as of words that were renamed
    assert recipe.name == name
    summary = next(s for s in summaries() if s.name == name)
    assert summary.task == recipe.task
    assert len(summary.comment) > 10


def test_every_shipped_recipe_loads_without_torch():
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from edgetext.recipe import Recipe, shipped_recipes\n"
        "print(len([Recipe.load(name) for name in shipped_recipes()]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(shipped_recipes())


def test_the_head_that_an_encoder_of_a_folder_has_for_a_task_is_its_default(write):
    text = "task: {}\ndata: {{type: jsonl}}\nencoder: {{type: pretrained, path: folder}}\n"
    assert Recipe.load(write(text.format("match"))).head.type == "pretrained_match"
    assert Recipe.load(write(text.format("tag"))).head.type == "tag"


def test_importing_recipes_loads_no_torch():
    code = "import edgetext.recipe, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path.cwd()).returncode == 0
