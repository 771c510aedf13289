"""A server under too much, and for long; no time is asserted."""

import sys

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("prometheus_client")
pytest.importorskip("httptools")
pytest.importorskip("uvloop")

from edgetext_bench.experiments import serving_load
from edgetext_bench.experiments.serving_load import Watcher, main


@pytest.fixture
def short(monkeypatch):
    """A limit that is found in a moment."""
    monkeypatch.setattr(serving_load, "LIMIT_SECONDS", 0.2)


def run(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["serving_load", *map(str, words)])
    main()


def test_memory_that_grows_evenly_has_its_slope():
    watcher = Watcher(None, 0.0)
    watcher.samples = [(float(second), 1000 * second) for second in range(60)]
    slope, error = watcher.slope()
    assert slope == pytest.approx(3_600_000)
    assert error == pytest.approx(0, abs=1e-3)


def test_what_a_server_takes_at_first_is_no_slope():
    watcher = Watcher(None, 0.0)
    watcher.samples = [(float(second), min(second, 5) * 10**6) for second in range(60)]
    assert watcher.slope()[0] == pytest.approx(0, abs=1e-3)


def test_too_few_samples_have_none():
    assert Watcher(None, 0.0).slope()[0] != Watcher(None, 0.0).slope()[0]


def test_overload(short, classify_files, monkeypatch, capsys):
    run(monkeypatch, "overload", classify_files.onnx, "--seconds", "0.3", "--serve", "--queue 2")
    said = capsys.readouterr().out
    assert "4 x the limit" in said and "% 200" in said
    assert "memory before" in said and "memory after" in said


def test_overload_again_and_again(short, classify_files, monkeypatch, capsys):
    words = ["--seconds", "0.2", "--rounds", "3", "--pause", "0.01", "--serve", "--queue-ms 0"]
    run(monkeypatch, "overload", classify_files.onnx, *words)
    said = capsys.readouterr().out
    assert said.count("4 x the limit of") == 3
    assert "medians of 3 rounds" in said and "% of the limit; p50" in said


def test_soak_with_a_command(short, classify_files, tmp_path, monkeypatch, capsys):
    note = tmp_path / "url"
    words = ["--minutes", "0.01", "--share", "0.05", "--during", f"echo $EDGETEXT_URL > {note}"]
    run(monkeypatch, "soak", classify_files.onnx, *words)
    assert "exit status 0; 0 of" in capsys.readouterr().out
    assert note.read_text().startswith("http://127.0.0.1:")


def test_swaps_lose_nothing(short, classify_files, batch_files, monkeypatch, capsys):
    words = ["--swaps", "3", "--every", "0.7", "--share", "0.05"]
    run(monkeypatch, "swap", classify_files.onnx, batch_files.classify, *words)
    said = capsys.readouterr().out
    assert "3 of 3 versions came to serve" in said and "(429) and 0 lost" in said
    assert "memory after" in said


def test_health_is_asked_without_and_with_load(short, classify_files, monkeypatch, capsys):
    run(monkeypatch, "health", classify_files.onnx, "--seconds", "0.3")
    said = capsys.readouterr().out
    assert "with nothing else to do, health: 200: 6;" in said
    assert "4 x the limit, health: 200: " in said


def test_generator(monkeypatch, capsys):
    monkeypatch.setattr(serving_load, "OFFERED", (200,))
    run(monkeypatch, "generator", "--seconds", "0.2")
    assert capsys.readouterr().out.startswith("200 requests/s: ")
