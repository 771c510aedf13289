"""The last epochs of distillation round as int8 does, and only they are judged."""

import pytest
import torch
from torch import nn

from edgetext.cli import main
from edgetext.recipe import TrainingConfig
from edgetext.training.loop import Job, fit


class Number(nn.Module):
    """A loss that falls for ever; the network is a scalar that counts."""

    def __init__(self):
        super().__init__()
        self.value = nn.Parameter(torch.zeros(1))

    def forward(self, batch):
        return -self.value.sum() * batch


def job(tmp_path, judged_from, begun):
    network = Number()
    scores = iter([0.9, 0.8, 0.3, 0.5, 0.4])
    return network, Job(
        objective=network,
        network=network,
        batches=lambda epoch, done: [torch.ones(())][done:],
        steps=1,
        validate=lambda net: {"score": next(scores)},
        monitor=("score",),
        fingerprint="x",
        config=TrainingConfig(epochs=5, ema_decay=0, patience=0),
        state_path=tmp_path / "state",
        resume_hint="",
        before_epoch=lambda epoch, *_: begun.append(epoch),
        judged_from=judged_from,
    )


@pytest.mark.parametrize(("judged_from", "best"), [(0, 0.9), (1, 0.8), (2, 0.5), (4, 0.4)])
def test_the_best_of_the_judged_epochs_is_kept(tmp_path, judged_from, best):
    begun = []
    _, run = job(tmp_path, judged_from, begun)
    kept = fit(run)
    assert (kept.metrics, kept.epochs) == ({"score": best}, 5)
    assert kept.epoch == [0.9, 0.8, 0.3, 0.5, 0.4].index(best) + 1
    assert begun == [0, 1, 2, 3, 4]


def test_more_rounded_epochs_than_epochs_are_refused(joint, tmp_path, capsys):
    student = tmp_path / "student.yaml"
    student.write_text(
        "encoder: {type: conv, embedding: 8, hidden: 8}\n"
        "distillation: {qat_epochs: 3}\ntraining: {epochs: 2}\n"
    )
    made = tmp_path / "s.pt"
    command = ["distill", str(joint), "--student", str(student), "-o", str(made)]
    assert main(command) == 2
    assert "qat_epochs (3) exceeds student.training.epochs (2)" in capsys.readouterr().err
    assert not made.exists()


@pytest.mark.slow
def test_a_student_of_rounded_epochs_is_a_plain_checkpoint(joint, tmp_path):
    student = tmp_path / "student.yaml"
    student.write_text(
        "encoder: {type: conv, embedding: 16, hidden: 32, normalize: true}\n"
        "distillation: {qat_epochs: 1}\ntraining: {epochs: 2, threads: 1}\n"
    )
    made = tmp_path / "s.pt"
    assert main(["distill", str(joint), "--student", str(student), "-o", str(made)]) == 0
    assert main(["quantize", "--int8", str(made)]) == 0
