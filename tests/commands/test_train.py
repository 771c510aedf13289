"""`edgetext train` where it is stopped."""

import sys

from edgetext.api import train as api
from edgetext.cli import main
from edgetext.commands.options import whose_data
from edgetext.model.model import Model
from edgetext.training.loop import TrainingInterruptedError


def test_ctrl_c_is_no_error(monkeypatch, capsys):
    def stopped(*_, **__):
        raise TrainingInterruptedError("stopped within epoch 1 of 6; so it goes on")

    monkeypatch.setattr(api, "train", stopped)
    assert main(["train", "assistant_joint"]) == 130
    out, err = capsys.readouterr()
    assert (out, err) == ("", "edgetext: stopped within epoch 1 of 6; so it goes on\n")


def test_the_demo_goes_on_by_itself(monkeypatch, tmp_path, capsys):
    def stopped(*_, **__):
        raise TrainingInterruptedError("stopped; the same command with --resume goes on")

    monkeypatch.setattr(api, "train", stopped)
    assert main(["demo", "-o", str(tmp_path)]) == 130
    assert capsys.readouterr().err == "edgetext: stopped; the same command goes on\n"


def test_the_commands_to_go_on_with_find_the_data(
    joint, write_recipe, monkeypatch, tmp_path, capsys
):
    recipe = write_recipe(tmp_path, "mine", "joint")
    monkeypatch.setattr(api, "train", lambda *_, **__: Model.load(joint))
    away = tmp_path / "away"
    away.mkdir()
    monkeypatch.chdir(away)
    assert main(["train", str(recipe), "-o", "t.pt", "--set", "text.max_bytes=64"]) == 0
    data = f"--recipe {recipe} --set text.max_bytes=64"
    expected = f"next: edgetext evaluate t.pt {data}   or   edgetext distill t.pt {data}"
    assert capsys.readouterr().out.splitlines()[-1] == expected


def test_a_recipe_here_and_a_shipped_one_are_found_anyway(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my own.yaml").touch()
    assert [whose_data(x) for x in (None, "assistant_joint", "my own.yaml")] == ["", "", ""]
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "my own.yaml").touch()
    assert whose_data("sub/my own.yaml") == " --recipe 'sub/my own.yaml'"


def test_the_linear_model_stands_beside_it(data, tmp_path, capsys):
    output = str(tmp_path / "t.pt")
    words = ["--set", "training.epochs=1", "--baseline", "-o", output]
    assert main(["train", str(data / "classify.yaml"), *words]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"wrote {output}"
    assert lines[1].startswith("a linear model (TF-IDF, SVM) reaches accuracy ")


def test_a_missing_library_is_said_before_the_training(data, monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    output = tmp_path / "t.pt"
    assert main(["train", str(data / "classify.yaml"), "--baseline", "-o", str(output)]) == 2
    assert "pip install 'edgetext[baseline]'" in capsys.readouterr().err
    assert not output.exists()


def test_members_have_seeds_of_their_own_and_go_on(data, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["train", str(data / "classify.yaml"), "--set", "training.epochs=1", "-o", "t.pt"]
    assert main([*words, "--members", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["wrote t-1.pt", "wrote t-2.pt"]
    assert "edgetext evaluate t-1.pt t-2.pt" in lines[2] and "distill t-1.pt t-2.pt" in lines[2]
    assert main(words) == 0
    models = [Model.load(name) for name in ("t.pt", "t-1.pt", "t-2.pt")]
    seeds = [model.header.recipe["seed"] for model in models]
    assert seeds[0] == seeds[1] == seeds[2] - 1
    name = next(iter(models[0].tensors))
    assert models[0].tensors[name].equal(models[1].tensors[name])
    assert not models[0].tensors[name].equal(models[2].tensors[name])
    # One that is there is kept, and one that is not begins.
    (tmp_path / "t-2.pt").unlink()
    before = (tmp_path / "t-1.pt").stat().st_mtime_ns
    capsys.readouterr()
    assert main([*words, "--members", "2", "--resume"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["t-1.pt is there already", "wrote t-2.pt"]
    assert (tmp_path / "t-1.pt").stat().st_mtime_ns == before
    again = Model.load("t-2.pt")
    assert again.tensors[name].equal(models[2].tensors[name])


def test_a_member_of_another_seed_is_not_taken(data, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["train", str(data / "classify.yaml"), "--set", "training.epochs=1", "-o"]
    assert main([*words, "t-1.pt", "--set", "seed=7"]) == 0
    assert main([*words, "t.pt", "--members", "2", "--resume"]) == 2
    assert "t-1.pt: its recipe has seed 7, and the one given" in capsys.readouterr().err
    assert not (tmp_path / "t-2.pt").exists()
