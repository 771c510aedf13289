"""Several processes that train one network, started by torchrun."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from edgetext.core.errors import EdgetextError
from edgetext.core.processes import Place, place
from edgetext.model.checkpoint import Checkpoint
from edgetext.recipe import TrainingConfig
from edgetext.training.team import Team, share

SETTINGS = ["training.epochs=2", "training.batch_size=16", "training.token_dropout=0"]
SETTINGS += ["encoder.dropout=0", "head={type: classify, dropout: 0}"]
SETTINGS += ["monitors=[console, {type: csv, every: 1}]"]
# What a recipe imports to end a process in the middle of a run, the first time alone.
KILLER = """
import os, signal
from edgetext.registry import register
from edgetext.training.monitors.monitor import Monitor

@register("monitor", "killer")
class Killer(Monitor):
    def on_step(self, step):
        if step.step == 7 and os.environ["TORCHELASTIC_RESTART_COUNT"] == "0":
            os.kill(os.getpid(), signal.SIGKILL)
"""


@given(st.integers(1, 20), st.integers(1, 5))
def test_each_row_is_taken_once_and_nobody_is_without(size, count):
    index = torch.arange(size)
    taken = [share(index, Place(rank, count, count)).tolist() for rank in range(count)]
    assert all(taken)
    if size >= count:
        assert sorted(row for rows in taken for row in rows) == index.tolist()


def test_a_place_that_does_not_fit_is_refused(monkeypatch):
    assert place() == Place()
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(EdgetextError, match="torchrun"):
        place()
    monkeypatch.setenv("RANK", "2")
    with pytest.raises(EdgetextError, match="process 2 of 2"):
        place()
    monkeypatch.setenv("RANK", "1")
    assert place() == Place(1, 2, 2) and not place().is_first


def test_processes_that_nobody_started_together_are_refused(monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("RANK", "0")
    monkeypatch.setenv("MASTER_ADDR", "localhost")
    with pytest.raises(EdgetextError, match="no LOCAL_RANK, MASTER_PORT; start them by `torchrun"):
        Team(TrainingConfig())


def command(recipe, output, *options, restarts=0):
    settings = [word for setting in (*SETTINGS, *options) for word in ("--set", setting)]
    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    program = ["--max-restarts", str(restarts), "-m", "edgetext", "train", str(recipe)]
    return [sys.executable, *launcher, *program, "-o", str(output), *settings]


def rows(folder):
    with (folder / "steps.csv").open() as file:
        return list(csv.DictReader(file))


def torchrun(*arguments, **options):
    words = command(*arguments, **options)
    return subprocess.run(words, capture_output=True, text=True, timeout=300)


def trained_alone(recipe, output):
    from edgetext.cli import main

    settings = [word for setting in SETTINGS for word in ("--set", setting)]
    assert main(["train", str(recipe), "-o", str(output), *settings]) == 0


@pytest.fixture(scope="module")
def recipe(data, tmp_path_factory):
    """A recipe of the tiny requests, in a folder of its own."""
    folder = tmp_path_factory.mktemp("team")
    lines = (data / "classify.yaml").read_text()
    (folder / "r.yaml").write_text(lines)
    return folder / "r.yaml"


def test_two_processes_learn_what_one_does(recipe, tmp_path):
    trained_alone(recipe, tmp_path / "one.pt")
    done = torchrun(recipe, tmp_path / "two.pt")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("wrote") == 1 and done.stderr.count("epoch 2/2") == 1
    one, two = (rows(tmp_path / f"{name}.run") for name in ("one", "two"))
    # The gradients of both halves of each batch together are those of the batch. Only the first
    # steps: AdamW makes steps as large as any other of gradients that are rounding alone.
    for alone, together in zip(one[:4], two[:4], strict=True):
        norms = float(alone["gradient_norm"]), float(together["gradient_norm"])
        assert norms[0] == pytest.approx(norms[1], rel=1e-2)
    figures = [Checkpoint.load(tmp_path / f"{name}.pt").header.metrics for name in ("one", "two")]
    assert figures[0]["test"]["accuracy"] == figures[1]["test"]["accuracy"] == 1.0
    about = json.loads((tmp_path / "two.run" / "run.json").read_text())
    assert about["status"] == "done"


@pytest.mark.slow
def test_a_process_that_is_killed_comes_again_from_the_last_state(recipe, tmp_path):
    (recipe.parent / "killer.py").write_text(KILLER)
    killing = recipe.with_name("killing.yaml")
    killing.write_text(f"import: [killer.py]\n{recipe.read_text()}")
    options = ["training.state_minutes=0.00001", "monitors=[csv, killer]"]
    done = torchrun(killing, tmp_path / "k.pt", *options, restarts=1)
    assert done.returncode == 0, done.stderr
    about = json.loads((tmp_path / "k.run" / "run.json").read_text())
    assert about["status"] == "done" and about["went_on_after_step"] in (6, 7)
    assert not list(tmp_path.glob("*.resume"))


@pytest.mark.slow
def test_ctrl_c_keeps_the_state_of_all(recipe, tmp_path):
    words = command(recipe, tmp_path / "c.pt", "training.epochs=2000", "training.patience=0")
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    table = tmp_path / "c.run" / "epochs.csv"
    while process.poll() is None and not table.exists():
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode != 0
    assert "--resume goes on" in said, said
    assert (tmp_path / "c.pt.resume").exists() and not (tmp_path / "c.pt").exists()


def test_a_batch_that_is_too_small_is_refused(recipe, tmp_path):
    done = torchrun(recipe, tmp_path / "s.pt", "training.batch_size=1")
    assert done.returncode != 0
    assert "training.batch_size is 1, of which each of 2 processes takes a part" in done.stderr


def _ip(*words):
    return subprocess.run(["ip", *words], capture_output=True, text=True, check=False)


@pytest.fixture
def machines():
    """Two network namespaces with addresses of their own, joined by a cable."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("network namespaces need root and the program ip")
    names = [f"edgetext-{os.getpid()}-{k}" for k in "ab"]
    ends = [f"et{os.getpid() % 100_000}{k}" for k in "ab"]
    try:
        if _ip("netns", "add", names[0]).returncode != 0:
            pytest.skip("this machine allows no network namespaces")
        _ip("netns", "add", names[1])
        cable = _ip("link", "add", ends[0], "type", "veth", "peer", "name", ends[1])
        if cable.returncode != 0:
            pytest.skip("this machine allows no virtual cables")
        for number, (name, end) in enumerate(zip(names, ends, strict=True), 1):
            _ip("link", "set", end, "netns", name)
            _ip("-n", name, "addr", "add", f"10.99.7.{number}/24", "dev", end)
            _ip("-n", name, "link", "set", end, "up")
            _ip("-n", name, "link", "set", "lo", "up")
        yield list(zip(names, ends, strict=True))
    finally:
        for name in names:
            _ip("netns", "del", name)


@pytest.mark.slow
def test_two_machines_learn_together(recipe, tmp_path, machines):
    settings = [word for setting in SETTINGS for word in ("--set", setting)]
    started = []
    for rank, (name, end) in enumerate(machines):
        launcher = ["-m", "torch.distributed.run", "--nnodes", "2", "--nproc-per-node", "1"]
        launcher += [
            "--node-rank",
            str(rank),
            "--master-addr",
            "10.99.7.1",
            "--master-port",
            "29517",
        ]
        words = [sys.executable, *launcher, "-m", "edgetext", "train", str(recipe), *settings]
        output = tmp_path / f"machine-{rank}.pt"
        environment = {**os.environ, "GLOO_SOCKET_IFNAME": end}
        started.append(
            subprocess.Popen(
                ["ip", "netns", "exec", name, *words, "-o", str(output)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=environment,
            )
        )
    said = [process.communicate(timeout=200) for process in started]
    assert [process.returncode for process in started] == [0, 0], said
    # The first process writes, where it runs.
    assert (tmp_path / "machine-0.pt").exists() and not (tmp_path / "machine-1.pt").exists()
