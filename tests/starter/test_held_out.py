"""What `init` says of valid and test files before anything is trained."""

import json

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.core.files import write_text
from edgetext.data.choices import Choices
from edgetext.recipe import Recipe
from edgetext.starter.start import start
from edgetext.training.splits import load_splits


def rows(folder, name, labels):
    path = folder / name
    path.write_text("".join(f"text {i} of {x}\t{x}\n" for i, x in enumerate(labels)))
    return path


def test_a_label_that_training_lacks_is_a_miss_and_is_named(tmp_path):
    rows(tmp_path, "train.tsv", ["go", "stay"] * 5)
    rows(tmp_path, "test.tsv", ["go", "leave", "leave", "hide"])
    output = tmp_path / "mine.yaml"
    started = start("classify", tmp_path, output)
    (line,) = [x for x in started.taken if "not in train" in x]
    assert line.startswith("not in train: 2 labels of valid or test, as the intent 'leave' (")
    assert "test.tsv:2)" in line
    write_text(output, started.recipe)
    assert len(load_splits(Recipe.load(output)).test) == 4
    rows(tmp_path, "test.tsv", ["go", "stay"])
    assert "unseen" not in start("classify", tmp_path, output).recipe


def test_a_test_file_without_labels_is_refused_at_once(tmp_path):
    pair = "one text {0}\tanother {0}"
    train, test = (tmp_path / f"{split}.tsv" for split in ("train", "test"))
    train.write_text("".join(pair.format(i) + f"\t{i % 2}\n" for i in range(40)))
    test.write_text("".join(pair.format(i) + "\n" for i in range(4)))
    with pytest.raises(EdgetextError, match=r"test\.tsv:1: .*; or name .* a share .* becomes test"):
        start("match", tmp_path, tmp_path / "mine.yaml")


def test_questions_without_an_answer_measure_nothing(tmp_path):
    for split, answers in (("train", [{"text": "b", "answer_start": 2}]), ("dev", [])):
        asked = [{"id": f"{i}", "question": f"q{i}?", "answers": answers} for i in range(9)]
        for question in asked:
            question["is_impossible"] = not answers
        data = {"data": [{"paragraphs": [{"context": "a b c", "qas": asked}]}]}
        (tmp_path / f"{split}.json").write_text(json.dumps(data))
    with pytest.raises(EdgetextError, match=r"dev\.json: none of its 9 questions has an answer"):
        start("qa", tmp_path, tmp_path / "mine.yaml")


def test_several_files_of_a_split_are_read_together(tmp_path):
    files = [rows(tmp_path, f"{name}.tsv", ["go", name] * 3) for name in ("one", "two")]
    output = tmp_path / "mine.yaml"
    started = start("classify", None, output, Choices(files={"train": files, "test": files[1:]}))
    assert started.summary.startswith(f"12 texts of {files[0]} and 1 more as tsv: 3 intents")
    write_text(output, started.recipe)
    assert Recipe.load(output).data.train == ["one.tsv", "two.tsv"]
