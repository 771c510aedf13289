"""A share of a recipe's training texts, and what is trained on it."""

import pytest
from click.testing import CliRunner

from edgetext.core.errors import EdgetextError, StoppedError
from edgetext.data.example import Example, Node, Span
from edgetext.model.model import Model
from edgetext.recipe import Recipe
from edgetext_bench.experiments.slices import main, shared, sliced, students, ways

SMALL = """\
student:
  encoder: {type: conv, embedding: 8, hidden: 8, layers: 1}
  training: {epochs: 1, batch_size: 32, threads: 1}
"""
# A text of each recipe whose texts have parts.
EXAMPLES = {
    "ewt_pos": Example("a b", None, (Span("x", 0, 1),)),
    "top_parse": Example("a", None, nodes=(Node("x", 0, 1, 0),)),
    "pawsx_match": Example("a", "x", text_b="b"),
    "tydiqa_qa": Example("a", None, (Span("answer", 0, 1),), text_b="b"),
}


def test_a_share_has_every_label_and_depends_on_the_texts_alone():
    examples = [Example(f"text {i}", "often") for i in range(1000)] + [Example("once", "rare")]
    kept = shared("classify", examples, 0.2)
    assert 160 < len(kept) < 240
    assert {each.intent for each in kept} == {"often", "rare"}
    assert set(shared("classify", examples[::-1], 0.2)) == set(kept)
    assert shared("classify", examples, 1) == examples


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("snips_joint", ["as it is", "segmentation", "hashed", "pairs", "no augment"]),
        ("clinc150_intent", ["as it is", "pieces", "pairs"]),
        ("ewt_pos", ["as it is", "segmentation", "hashed", "pairs", "augment"]),
        ("top_parse", ["as it is", "segmentation", "augment"]),
        ("pawsx_match", ["as it is", "segmentation", "augment"]),
        ("tydiqa_qa", ["as it is", "segmentation"]),
        ("wikitext_lm", ["as it is", "segmentation"]),
    ],
)
def test_a_recipe_has_the_ways_of_its_task_and_words(name, expected):
    each = ways(Recipe.load(name), [EXAMPLES.get(name, Example("ab", "x"))])
    assert list(each) == expected
    for overrides in each.values():
        Recipe.load(name, overrides)


def test_a_student_of_a_share_may_have_the_steps_of_all():
    recipe = Recipe.load("clinc150_intent")
    epochs = {way: each.student.training.epochs for way, each in students(recipe, 0.2).items()}
    assert epochs == {"student": 20, "student, more epochs": 100}


def test_made_up_texts_are_those_of_the_share():
    recipe = Recipe.load("assistant_joint", ["data.augment={type: slots, probability: 1}"])
    splits = sliced(recipe, 0.2)
    made = splits.augmented(1)
    assert len(made) == len(splits.train)
    assert values(made) <= values(splits.train)


def values(examples):
    return {each.text.encode()[s.start : s.end] for each in examples for s in each.spans}


def test_what_is_there_is_not_trained_again(write_recipe, data, tmp_path):
    path = write_recipe(tmp_path, "sliced", epochs=1)
    path.write_text(path.read_text().replace(str(tmp_path), str(data)) + SMALL)
    words = [str(path), "-o", str(tmp_path / "sliced"), "--share", "0.5"]
    first = CliRunner().invoke(main, words, catch_exceptions=False)
    files = sorted(tmp_path.glob("sliced/sliced-0.5-1/*.pt"))
    assert {"as-it-is.pt", "pairs.pt", "student.pt"} <= {each.name for each in files}
    assert Model.load(files[0]).header.metrics["test"]
    assert not (tmp_path / "sliced" / "sliced-0.5-1" / "student-more-epochs.pt").exists()
    times = [each.stat().st_mtime_ns for each in files]
    assert CliRunner().invoke(main, words, catch_exceptions=False).output == first.output
    assert [each.stat().st_mtime_ns for each in files] == times


def test_a_recipe_of_several_tasks_is_refused_before_anything_is_written(tmp_path):
    result = CliRunner().invoke(main, ["multi_task", "-o", str(tmp_path / "out")])
    assert isinstance(result.exception, EdgetextError) and "several tasks" in str(result.exception)
    assert not (tmp_path / "out").exists()


def test_ctrl_c_ends_all_ways(write_recipe, data, tmp_path, monkeypatch):
    path = write_recipe(tmp_path, "stopped", epochs=1)
    path.write_text(path.read_text().replace(str(tmp_path), str(data)))
    begun = []

    def stopped(recipe, **_):
        begun.append(recipe)
        raise StoppedError("stopped")

    monkeypatch.setattr("edgetext_bench.experiments.slices.train", stopped)
    result = CliRunner().invoke(main, [str(path), "-o", str(tmp_path / "out")])
    assert isinstance(result.exception, StoppedError) and len(begun) == 1
