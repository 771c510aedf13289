"""Processes that divide a network among themselves, started by torchrun."""

import csv
import subprocess
import sys

import pytest
import torch
from huggingface_models import write_model

from edgetext.cli import main
from edgetext.core.errors import EdgetextError
from edgetext.model.checkpoint import Checkpoint
from edgetext.recipe import Recipe
from edgetext.training.distill import distill
from edgetext.training.run import train
from edgetext.training.sharding import whole

RECIPE = """\
task: classify
data: {{type: csv, train: {data}/train.csv, valid: {data}/test.csv, test: {data}/test.csv}}
text: {{max_bytes: 64}}
encoder: {{type: pretrained, path: folder}}
head: {{type: classify, dropout: 0}}
training: {{epochs: 2, batch_size: 16, learning_rate: 0.002, threads: 1, patience: 0, \
strategy: fsdp, ema_decay: 0.9, learning_rate_decay: 0.8, freeze: embeddings, \
state_minutes: 0.00001}}
student:
  encoder: {{type: conv, embedding: 8, hidden: 16}}
  training: {{strategy: fsdp}}
monitors: [{{type: csv, every: 1}}]
"""
# It ends a process in the middle of a run.
KILLER = """
import os, signal
from edgetext.registry import register
from edgetext.training.monitors.monitor import Monitor

@register("monitor", "killer")
class Killer(Monitor):
    def on_step(self, step):
        if step.step == 8:
            os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def recipe(data, tmp_path):
    """A recipe in a folder of its own, without dropout, which would differ from part to part."""
    write_model(tmp_path / "folder", hidden_dropout_prob=0.0)
    path = tmp_path / "r.yaml"
    path.write_text(RECIPE.format(data=data))
    return path


def torchrun(recipe, output, *options):
    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    return edgetext(recipe, output, *options, launcher=launcher)


def edgetext(recipe, output, *options, launcher=()):
    words = [sys.executable, *launcher, "-m", "edgetext", "train", str(recipe), "-o", str(output)]
    return subprocess.run([*words, *options], capture_output=True, text=True, timeout=300)


def norms(folder):
    with (folder / "steps.csv").open() as file:
        return [float(row["gradient_norm"]) for row in csv.DictReader(file)]


def check_same(one, other):
    """Files of the same network, but for rounding."""
    first, second = (Checkpoint.load(path) for path in (one, other))
    assert first.tensors.keys() == second.tensors.keys()
    for name, tensor in first.tensors.items():
        assert type(second.tensors[name]) is torch.Tensor
        # AdamW makes steps as large as any other of gradients that are rounding alone.
        torch.testing.assert_close(second.tensors[name], tensor, atol=0.02, rtol=0)
    assert first.header.metrics == second.header.metrics
    assert first.header.recipe == second.header.recipe


def test_two_processes_that_divide_a_network_learn_what_one_does(recipe, tmp_path):
    assert main(["train", str(recipe), "-o", str(tmp_path / "one.pt")]) == 0
    done = torchrun(recipe, tmp_path / "two.pt")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("wrote") == 1
    # The gradients of both halves of each batch together are those of the batch.
    alone, together = (norms(tmp_path / f"{name}.run") for name in ("one", "two"))
    assert together == pytest.approx(alone, rel=1e-2) and len(alone) == 12
    check_same(tmp_path / "one.pt", tmp_path / "two.pt")


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 2])
def test_what_was_killed_goes_on_in_as_many_processes_or_in_one(recipe, tmp_path, count):
    (tmp_path / "killer.py").write_text(KILLER)
    recipe.write_text(f"import: [killer.py]\n{recipe.read_text()}")
    assert edgetext(recipe, tmp_path / "whole.pt").returncode == 0
    path = tmp_path / "k.pt"
    assert torchrun(recipe, path, "--set", "monitors=[csv, killer]").returncode != 0
    assert path.with_name("k.pt.resume").exists() and not path.exists()
    done = (edgetext if count == 1 else torchrun)(recipe, path, "--resume")
    assert done.returncode == 0, done.stderr
    check_same(tmp_path / "whole.pt", path)


def test_what_nobody_divided_is_whole_as_it_is():
    tensors = {"a": torch.ones(2), "b": [torch.zeros(1)], "c": 3}
    assert whole(tensors)["a"] is tensors["a"]
    assert whole(tensors, keep=False)["b"][0] is tensors["b"][0]


def test_a_student_is_not_divided(recipe):
    loaded = Recipe.load(recipe, ["training.epochs=1"])
    with pytest.raises(EdgetextError, match=r"strategy: a student is small, and is trained as"):
        distill([train(loaded)], loaded)
