"""A training whose processes are workers of Ray."""

import json

import click
import pytest

from edgetext.cli import main
from edgetext.commands import options


def test_a_command_is_spelled_as_it_was_given():
    spelled = []

    @click.command("train")
    @click.argument("recipe")
    @options.overrides("")
    @options.output("")
    @options.resume("")
    @options.on_ray
    def command(**given):
        spelled.append(options._spelled(click.get_current_context(), given))

    words = ["r.yaml", "--set", "a=1", "--set", "b={c: d e}", "-o", "m.pt", "--resume"]
    command.main(words, prog_name="train", standalone_mode=False)
    command.main(["r.yaml"], prog_name="train", standalone_mode=False)
    long = ["r.yaml", "--set", "a=1", "--set", "b={c: d e}", "--output", "m.pt", "--resume"]
    assert spelled == [["train", *long], ["train", "r.yaml"]]


def test_workers_go_with_a_cluster(capsys):
    assert main(["train", "assistant_joint", "--workers", "2"]) == 2
    assert "--workers goes with --on ray" in capsys.readouterr().err


def test_without_ray_it_is_said_what_to_install(monkeypatch, capsys):
    import sys

    monkeypatch.setitem(sys.modules, "ray", None)
    assert main(["train", "assistant_joint", "--on", "ray"]) == 2
    assert "pip install 'edgetext[ray]'" in capsys.readouterr().err


@pytest.mark.slow
def test_two_workers_train_one_network(data, tmp_path, monkeypatch, capfd):
    pytest.importorskip("ray.train", reason="Ray Train is not installed")
    monkeypatch.chdir(tmp_path)
    words = ["train", str(data / "classify.yaml"), "-o", "m.pt", "--set", "training.epochs=2"]
    assert main([*words, "--on", "ray", "--workers", "2"]) == 0
    assert capfd.readouterr().err.count("epoch 2/2") == 1
    assert json.loads((tmp_path / "m.run" / "run.json").read_text())["status"] == "done"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.pt", "m.run"]
    assert main([*words, "--set", "training.batch_size=1", "--on", "ray"]) == 2
    said = capfd.readouterr().err
    assert "training.batch_size is 1, of which each of 2 processes takes a part" in said
