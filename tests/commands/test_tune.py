"""`edgetext tune`: real servers over a tiny model, for moments; no time is asserted."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("prometheus_client")
pytest.importorskip("httptools")
pytest.importorskip("uvloop")

from edgetext.cli import main

PROGRAM = "import sys; from edgetext.cli import main; sys.exit(main(sys.argv[1:]))"
# A load that any machine bears.
EASY = ["--pattern", "constant:rate=40", "--p99", "20s"]


def processes_of(path):
    """How many processes have a path among their arguments."""
    count = 0
    for folder in Path("/proc").iterdir():
        try:
            count += os.fsencode(path) in (folder / "cmdline").read_bytes()
        except OSError:
            continue
    return count


@pytest.fixture
def model(classify_files, tmp_path):
    """A copy of a tiny model, so that its processes can be told from others'."""
    return Path(shutil.copy(classify_files.onnx, tmp_path / "model.onnx"))


def test_a_setting_is_chosen_measured_planned_and_kept(model, capfd):
    folder = model.with_name("run")
    words = ["tune", str(model), *EASY, "--seconds", "0.2", "--plan", "100", "-o", str(folder)]
    assert main(words) == 0
    printed = capfd.readouterr().out
    assert printed.splitlines()[-1] == (
        f"edgetext serve {model} --threads 1 --deadline-ms 5000 --workers 1"
    )
    report = json.loads((folder / "tuning.json").read_text("utf-8"))
    assert report["chosen"]["statuses"] == {"200": 8}
    assert len(report["curve"]["points"]) == 8
    assert report["needs"][0]["rate"] == 100
    assert "<svg" in (folder / "tuning.html").read_text("utf-8")
    kept = (folder / "measurements.jsonl").read_bytes()
    # One load, an unhurried one, eight points, and the limit before the first and after each.
    assert len(kept.splitlines()) == 19
    assert main(words) == 0
    assert (folder / "measurements.jsonl").read_bytes() == kept
    assert capfd.readouterr().out == printed
    assert processes_of(model) == 0


def test_a_target_that_nothing_meets_is_said(model, capfd):
    words = ["tune", str(model), "--pattern", "constant:rate=20", "--p99", "1us"]
    words += ["--seconds", "0.2", "--processes", "1", "--threads", "1"]
    assert main(words) == 1
    said = capfd.readouterr()
    assert "no setting met the target; the best was model.onnx, 1 x 1" in said.err
    assert "edgetext serve" not in said.out
    report = json.loads((model.parent / "model-tuned" / "tuning.json").read_text("utf-8"))
    assert report["chosen"] is None and len(report["trials"]) == 1


def test_more_processes_than_cores_is_a_warning(model, capfd):
    many = str(len(os.sched_getaffinity(0)) + 1)
    words = ["tune", str(model), *EASY, "--seconds", "0.2", "--no-curve"]
    assert main([*words, "--processes", many, "--threads", "1"]) == 0
    said = capfd.readouterr()
    assert "warning: this machine has" in said.err.replace("\n", " ")
    assert said.out.endswith(f"--workers {many}\n")


def test_a_trace_and_texts_of_a_file(model, tmp_path, capfd):
    trace, texts = tmp_path / "trace.csv", tmp_path / "texts.txt"
    trace.write_text("time,texts\n0,1\n0.05,3\n0.1,1\n")
    texts.write_text("a room in Oslo\nfly me to Rome\n")
    words = ["tune", str(model), "--pattern", str(trace), "--p99", "20s", "--no-curve"]
    assert main([*words, "--texts", str(texts), "--processes", "1"]) == 0
    assert "3 requests" in capfd.readouterr().err.replace("\n", " ")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_no_server_outlives_the_command(model, number):
    folder = model.with_name("run")
    words = ["tune", str(model), *EASY, "--seconds", "300", "--no-curve", "--processes", "2"]
    command = [sys.executable, "-c", PROGRAM, *words, "-o", str(folder)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    # This process, and the server that it started.
    for _ in range(1200):
        if processes_of(model) >= 2:
            break
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(number)
    said = process.communicate(timeout=60)[1]
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert f"the same command goes on from {folder}" in said
        assert processes_of(model) == 0
    for _ in range(1200):
        if not processes_of(model):
            return
        time.sleep(0.05)
    raise AssertionError("a server goes on")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--pattern", "bursty:rate=2"], "there is no such pattern"),
        (["--pattern", "poisson:rate=0"], "above 0"),
        (["--pattern", "no.csv"], "no.csv: there is no such file"),
        (["--pattern", "poisson:rate=2", "--plan", "5", "--no-curve"], "--plan needs the curve"),
        (["--pattern", "poisson:rate=2", "--texts", "no.txt"], "no.txt: there is no such file"),
    ],
)
def test_bad_input_is_said(refused, classify_files, words, said):
    assert said in refused("tune", classify_files.onnx, "--p99", "10ms", *words)


@pytest.mark.parametrize("time", ["10", "0ms", "fast", "-1ms"])
def test_a_time_has_a_unit(refused, classify_files, time):
    words = ["tune", classify_files.onnx, "--pattern", "poisson:rate=2", f"--p99={time}"]
    assert "write it as 10ms" in refused(*words)


def test_files_of_two_models_are_refused(refused, classify_files, hashed_files):
    words = ["--pattern", "poisson:rate=2", "--p99", "10ms"]
    assert "files of one model" in refused("tune", classify_files.onnx, hashed_files.onnx, *words)


def test_the_extra_is_named_where_it_is_missing(refused, classify_files, monkeypatch):
    before = importlib.util.find_spec

    def without(name, *rest):
        return None if name == "uvloop" else before(name, *rest)

    monkeypatch.setattr(importlib.util, "find_spec", without)
    words = ["tune", classify_files.onnx, "--pattern", "poisson:rate=2", "--p99", "10ms"]
    assert "pip install 'edgetext[serve]'" in refused(*words)
