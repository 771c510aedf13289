"""`edgetext data check`: what it finds, prints and returns."""

import json

import pytest

from edgetext.cli import main

TRAIN = """\
Go\t5:9:a\tplay jazz
Go\t6:10:a\tPlay  jazz
Go\t\tplay rock
No\t\tplay rock
No\t\tstop
"""
TEST = "Go\t5:9:a\tplay jazz\nMaybe\t0:1:b\thum it\nNo\t1:4:a\tstop it\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "train.tsv").write_text(TRAIN)
    (tmp_path / "d" / "test.tsv").write_text(TEST)
    return tmp_path / "d"


def report(capsys, *arguments, status=0):
    assert main(["data", "check", "--json", *map(str, arguments)]) == status
    return json.loads(capsys.readouterr().out)


def test_counts_duplicates_conflicts_leaks_unseen_labels_and_cut_words(capsys, folder):
    found = report(capsys, folder)
    train, test = found["splits"]
    assert (train["split"], train["examples"], train["duplicates"]) == ("train", 5, 2)
    assert train["intents"] == {"Go": 3, "No": 2} and train["slots"] == {"a": 2}
    assert (train["bytes_max"], test["bytes_max"]) == (10, 9)
    (conflict,) = found["conflicts"]["first"]
    assert "train.tsv:4: 'play rock' is No and in" in conflict and "train.tsv:3 Go" in conflict
    assert found["leaks"]["count"] == 1 and "test.tsv:1" in found["leaks"]["first"][0]
    unseen = sorted(line.partition(": ")[2] for line in found["unseen_labels"]["first"])
    assert unseen == [
        "the intent 'Maybe' of test is not in train",
        "the slot 'b' of test is not in train",
    ]
    assert found["cut_words"]["count"] == 2  # "h" of hum, "top" of stop
    assert found["unreadable"]["count"] == 0


def test_in_words(capsys, folder):
    assert main(["data", "check", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "train: 5 texts" in out and "2 intents: Go 3, No 2" in out
    assert "1 texts with two different labellings:" in out


def test_lines_that_cannot_be_read_are_named_and_give_status_2(capsys, tmp_path):
    path = tmp_path / "d.tsv"
    path.write_text("text\tlabel\na\tx\n" + "b\n" * 12 + "c\ty\n")
    found = report(capsys, path, status=2)
    assert found["splits"][0]["examples"] == 2
    assert found["unreadable"]["count"] == found["splits"][0]["unreadable"] == 12
    assert len(found["unreadable"]["first"]) == 10
    assert found["unreadable"]["first"][0].startswith(f"{path}:3: ")
    assert main(["data", "check", str(path)]) == 2
    out = capsys.readouterr().out
    assert "12 lines that cannot be read:" in out and "… and 2 more" in out


def test_several_files_and_a_recipe(capsys, folder, tmp_path):
    files = [folder / "train.tsv", folder / "test.tsv"]
    found = report(capsys, *files)
    assert found == report(capsys, folder)
    recipe = tmp_path / "r.yaml"
    recipe.write_text(
        f"task: joint\nencoder: {{type: bag}}\ndata: {{type: pytext_tsv, train: {files[0]}, "
        f"test: {files[1]}, valid: {files[1]}}}\n"
    )
    assert [s["examples"] for s in report(capsys, recipe)["splits"]] == [5, 3, 3]


def test_the_built_in_data_is_clean(capsys):
    assert main(["data", "check", "assistant_joint"]) == 0
    assert "nothing is wrong with it" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["none.tsv"], "none.tsv: there is no such file"),
        (["none.yaml"], "no such recipe file"),
        (["assistant_joint", "--type", "csv"], "a recipe stands alone"),
        (["TRAIN", "--set", "scheme"], "--set scheme"),
        (["TRAIN", "--type", "tsw"], "did you mean tsv"),
    ],
)
def test_what_is_wrong_is_one_line(capsys, folder, arguments, word):
    arguments = [str(folder / "train.tsv") if a == "TRAIN" else a for a in arguments]
    assert main(["data", "check", *arguments]) == 2
    error = capsys.readouterr().err
    assert word in error and error.count("\n") == 1
