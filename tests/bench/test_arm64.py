"""The arm64 target: it says what is missing; where it is set up, its answers are those of here."""

import re
from pathlib import Path

import pytest

from edgetext.cli import main
from edgetext_bench.arm64 import target
from edgetext_bench.rows import cell_of, read_rows


@pytest.fixture
def bench(int8_files, data, tmp_path):
    def run(*files):
        path = tmp_path / "r.jsonl"
        words = ["--recipe", str(data / "joint.yaml"), "--on", "arm64", "-o", str(path)]
        status = main(["bench", *map(str, files), *words, "--limit", "5"])
        return status, (read_rows(path) if path.exists() else [])

    return run


def test_without_a_root_it_says_so_and_exits_3(bench, int8_files, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(target.shutil, "which", lambda name: "/usr/bin/" + name)
    monkeypatch.setenv("EDGETEXT_ARM64", str(tmp_path / "none"))
    assert bench(int8_files.onnx) == (3, [])
    assert "bench/arm64/setup builds one" in capsys.readouterr().err


def test_without_qemu_it_says_so_and_exits_3(bench, int8_files, monkeypatch, capsys):
    monkeypatch.setattr(target.shutil, "which", lambda name: None)
    assert bench(int8_files.onnx) == (3, [])
    assert "qemu-aarch64 is not installed" in capsys.readouterr().err


def test_with_a_root_of_an_older_setup_it_says_so_and_exits_3(
    bench, int8_files, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(target.shutil, "which", lambda name: "/usr/bin/" + name)
    monkeypatch.setenv("EDGETEXT_ARM64", str(tmp_path))
    (tmp_path / ".ready").touch()
    assert bench(int8_files.pte) == (3, [])
    assert "has no ExecuTorch yet; bench/arm64/setup adds it" in capsys.readouterr().err


def test_setup_runs_files_that_are_there():
    setup = Path(__file__).parents[2] / "bench/arm64/setup"
    named = re.findall(r'"\$here/([^"$]+)"', setup.read_text("utf-8"))
    assert len(named) == 2
    assert all((setup.parent / name).is_file() for name in named)


@pytest.mark.slow
def test_answers_are_those_of_here_and_instructions_are_counted(bench, int8_files):
    try:
        target.find_root()
    except target.NotReady as missing:
        pytest.skip(str(missing))
    status, rows = bench(int8_files.onnx, int8_files.pte)
    assert status == 0
    kinds = [(cell_of(row).kind, row["status"]) for row in rows]
    assert kinds.count(("quality", "ok")) == kinds.count(("instructions", "ok")) == 6
    for row in rows:
        assert not any(name.endswith(("_us", "_ms")) for name in row["measured"])
        assert row["machine"]["architecture"] == "aarch64"
        if cell_of(row).kind == "quality":
            assert row["measured"]["disagrees_at"] == []
        else:
            assert 1e5 < row["measured"]["instructions"] < 1e7
