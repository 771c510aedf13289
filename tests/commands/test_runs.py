"""`edgetext runs`, after trainings of a tiny recipe."""

import json

import pytest

from edgetext.cli import main


@pytest.fixture
def trained(data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    recipe = data / "joint.yaml"
    for name, rate in (("a", "0.001"), ("b", "0.003")):
        settings = ["training.epochs=2", f"training.learning_rate={rate}"]
        options = [word for setting in settings for word in ("--set", setting)]
        assert main(["train", str(recipe), "-o", f"{name}.pt", *options]) == 0


def test_runs_are_listed_compared_and_drawn(trained, capsys):
    capsys.readouterr()
    assert main(["runs", "--compare", "--curves", "--sort", "-frame_accuracy"]) == 0
    out = capsys.readouterr().out
    assert "a.run" in out and "2/2" in out and "done" in out
    (line,) = [line for line in out.splitlines() if line.startswith("training.learning_rate")]
    assert {"0.001", "0.003"} == set(line.split()[1:])
    assert any(line.startswith("loss ") and "▁" in line for line in out.splitlines())
    assert main(["runs", "--json", "."]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["folder"] for row in rows] == ["a.run", "b.run"]
    assert all(len(row["curves"]["loss"]) == 2 and row["kept_epoch"] for row in rows)
    assert main(["runs", "--sort", "acuracy"]) == 2
    assert "no run has acuracy (known:" in capsys.readouterr().err


def test_where_there_is_none_is_said(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["runs"]) == 2
    assert "there is no run" in capsys.readouterr().err
