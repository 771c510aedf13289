"""`edgetext train` where it is stopped."""

from edgetext.api import train as api
from edgetext.cli import main
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
