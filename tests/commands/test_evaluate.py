"""`edgetext evaluate`: the table, JSON, agreement and what is refused."""

import json
import shutil

import pytest

from edgetext.cli import main
from edgetext.evaluation import answers as evaluation
from edgetext.tasks.answers.labels import LabelAnswer


def rows(capsys, *arguments, status=0):
    capsys.readouterr()
    assert main(["evaluate", "--json", *map(str, arguments)]) == status
    return json.loads(capsys.readouterr().out)


def test_a_table_with_a_row_a_model(joint_files, capsys):
    assert main(["evaluate", *map(str, (joint_files.pt, joint_files.onnx, joint_files.pte))]) == 0
    captured = capsys.readouterr()
    title, headings, *lines = captured.out.splitlines()
    assert title == "24 texts of the test split, one thread"
    assert headings.split()[:3] == ["model", "variant", "bytes"]
    assert {"accuracy", "span", "frame", "p50", "p90"} <= set(headings.split())
    assert [line.split()[0] for line in lines] == [
        str(path) for path in (joint_files.pt, joint_files.onnx, joint_files.pte)
    ]
    assert f"{joint_files.pte.stat().st_size:,}" in lines[2]


def test_json_and_agreement(int8_files, joint, capsys):
    found = rows(capsys, int8_files.pte, "--against", joint, "--min-agreement", 50)
    (row,) = found
    assert (row["runtime"], row["variant"], row["texts"]) == ("pte", "int8", 24)
    assert row["bytes"] == int8_files.pte.stat().st_size
    assert 50 <= row["agreement"] <= 100 and row["p50_ms"] <= row["p90_ms"]
    assert {"accuracy", "span_f1", "frame_accuracy", "macro_f1"} <= row.keys()


def test_each_class_has_its_f1(joint, capsys, disagreeing):
    (row,) = rows(capsys, joint)
    classes = row["class_f1"]
    assert list(classes) == sorted(classes) and len(classes) > 1
    assert row["macro_f1"] == pytest.approx(sum(classes.values()) / len(classes), abs=0.01)
    # One text was answered with another label.
    assert min(classes.values()) < 100
    assert main(["evaluate", str(joint)]) == 0
    headings = capsys.readouterr().out.splitlines()[1]
    assert "macro f1" in headings and "class" not in headings


def test_a_split_and_a_limit(joint, capsys):
    (row,) = rows(capsys, joint, "--split", "train", "--limit", 5)
    assert row["texts"] == 5


def test_a_row_a_file_and_a_changed_field(joint, data, capsys):
    files = f"data.test=[{data / 'test.tsv'}, {data / 'train.tsv'}]"
    arguments = [joint, "--set", files, "--by-file", "--against", joint]
    whole, *parts = rows(capsys, *arguments)
    assert whole["texts"] == 120 and [part["texts"] for part in parts] == [24, 96]
    assert [part["file"] for part in parts] == [str(data / "test.tsv"), str(data / "train.tsv")]
    assert [part["agreement"] for part in parts] == [100, 100]
    right = sum(part["accuracy"] * part["texts"] for part in parts) / 120
    assert whole["accuracy"] == pytest.approx(right, abs=0.01)
    assert main(["evaluate", *map(str, arguments)]) == 0
    assert f"  {data.name}/test.tsv: 24 " in capsys.readouterr().out


@pytest.fixture
def disagreeing(monkeypatch):
    """The first model answers the first text in another way, whatever it is."""
    evaluate = evaluation.evaluate

    def changed(predictors, examples, *rest):
        measured = evaluate(predictors, examples, *rest)
        measured[0].answers[0] = LabelAnswer("none", 0.5)
        return measured

    monkeypatch.setattr(evaluation, "evaluate", changed)


def test_too_little_agreement_is_status_1_and_names_the_lines(joint, data, capsys, disagreeing):
    command = ["evaluate", str(joint), "--against", str(joint)]
    assert main([*command, "--min-agreement", "95"]) == 0
    assert f"differs from {joint} at:\n  {data / 'test.tsv'}:1" in capsys.readouterr().out
    assert main([*command, "--min-agreement", "96"]) == 1
    assert "on less than 96 %" in capsys.readouterr().err


def test_one_disagreement_of_many_is_not_rounded_away(joint, capsys, disagreeing, monkeypatch):
    monkeypatch.setattr("builtins.round", lambda value, digits: 100.0)
    command = ["evaluate", str(joint), "--against", str(joint), "--min-agreement", "100"]
    assert main(command) == 1


def test_a_classifier_beside_a_joint_model(joint, classify, capsys):
    assert main(["evaluate", str(classify), str(joint)]) == 0
    out = capsys.readouterr().out
    assert "span f1" in out and "None" not in out


def test_the_recipe_of_an_artifact_has_to_be_named(joint_files, data, tmp_path, capsys):
    path = shutil.copy(joint_files.onnx, tmp_path)
    assert main(["evaluate", path]) == 2
    assert "--recipe" in capsys.readouterr().err
    (row,) = rows(capsys, path, "--recipe", data / "joint.yaml")
    assert row["accuracy"] > 90


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("music\t\tplay jazz\n", "test.tsv:1: the intent 'music' is none of those of"),
        ("hotel\t0:4:song\tplay jazz\n", "test.tsv:1: the slot 'song' is none of those of"),
    ],
)
def test_data_of_another_task_is_refused(joint, tmp_path, capsys, write_recipe, line, words):
    recipe = write_recipe(tmp_path, "other")
    for split in ("train", "test"):
        (tmp_path / f"{split}.tsv").write_text(line)
    assert main(["evaluate", str(joint), "--recipe", str(recipe)]) == 2
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1


def test_min_agreement_needs_a_model_to_agree_with(joint, capsys):
    assert main(["evaluate", str(joint), "--min-agreement", "9"]) == 2
    assert "--against" in capsys.readouterr().err


def test_noise_is_measured_beside_the_clean_texts(joint_files, capsys):
    files = (joint_files.pt, joint_files.onnx)
    one, other = rows(capsys, *files, "--noise", "typo:0.5,case", "--seed", 3)
    assert one["noise"] == "case:1,typo:0.5"
    assert one["noised"].keys() == {"accuracy", "span_f1", "frame_accuracy", "macro_f1"}
    # The same texts for both, whose answers are the same.
    assert one["noised"] == other["noised"]
    assert one["noised"]["frame_accuracy"] < one["frame_accuracy"]
    (again,) = rows(capsys, joint_files.pt, "--noise", "typo:0.5,case", "--seed", 3)
    assert again["noised"] == one["noised"]
    (light,) = rows(capsys, joint_files.pt, "--noise", "typo:0.01")
    assert light["noised"]["frame_accuracy"] > one["noised"]["frame_accuracy"]


def test_a_table_of_noised_texts_stands_below(joint, capsys):
    assert main(["evaluate", str(joint), "--noise", "typo"]) == 0
    lines = capsys.readouterr().out.splitlines()
    start = lines.index("the same texts with noise (typo:0.1)")
    assert lines[start + 1].split() == ["model", "metric", "clean", "noised", "change"]
    metrics = {" ".join(line.split()[1:-3]) for line in lines[start + 2 :]}
    assert metrics == {"accuracy", "span f1", "frame accuracy", "macro f1"}


def test_unknown_noise_is_refused_with_the_nearest(joint_files, capsys):
    assert main(["evaluate", str(joint_files.onnx), "--noise", "tpyo"]) == 2
    error = capsys.readouterr().err
    assert "noise tpyo is unknown; did you mean typo?" in error and error.count("\n") == 1
