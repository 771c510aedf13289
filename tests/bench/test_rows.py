"""The results file: it grows, it is resumed, and it survives a cut."""

import json

import pytest

from edgetext.cli import main
from edgetext.core.errors import EdgetextError
from edgetext_bench.rows import Cell, Results, opened, read_rows


def row(kind="quality", status="ok", sha="a", machine="m", **measured):
    return {
        "format": 1,
        "cell": Cell("server", "a.onnx", "onnxruntime", kind).as_json(),
        "status": status,
        "note": "",
        "measured": measured,
        "file": {"sha256": sha},
        "data": {"sha256": "d"},
        "machine": {"id": machine},
        "settings": {"seed": 1, "quick": False},
    }


def test_what_a_file_holds_is_known_again(tmp_path):
    path = tmp_path / "deep" / "r.jsonl"
    results = Results(path)
    results.add(row())
    again = Results(path)
    assert again.holds(row()) and not again.holds(row("noise"))
    assert not again.holds(row(sha="b")) and not again.holds(row(machine="n"))


def test_a_failed_cell_is_measured_again(tmp_path):
    path = tmp_path / "r.jsonl"
    Results(path).add(row(status="failed"))
    results = Results(path)
    assert not results.holds(row())
    results.add(row(accuracy=1.0))
    assert [r["measured"] for r in read_rows(path)] == [{"accuracy": 1.0}]


def test_a_line_that_was_cut_short_is_dropped_and_the_next_stands_alone(tmp_path):
    path = tmp_path / "r.jsonl"
    Results(path).add(row())
    with path.open("a") as file:
        file.write('{"format": 1, "ce')
    Results(path).add(row("noise"))
    assert [json.loads(x)["cell"]["kind"] for x in path.read_text().splitlines()] == [
        "quality",
        "noise",
    ]


@pytest.mark.parametrize("line", ["hello", "[1]", '{"format": 1, "cell": {}}', '{"format": 2}'])
def test_a_strange_line_is_named(tmp_path, line):
    path = tmp_path / "r.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(EdgetextError, match=r"r\.jsonl:1: "):
        read_rows(path)


def test_one_run_at_a_time_adds_to_a_file(tmp_path):
    path = tmp_path / "deep" / "r.jsonl"
    with opened(path) as results:
        results.add(row())
        busy = pytest.raises(EdgetextError, match=r"r\.jsonl: another process is writing it")
        with busy, opened(path, anew=True):
            pass
    with opened(path) as results:
        assert results.holds(row())


def test_a_file_is_begun_anew_and_one_without_a_row_goes(tmp_path):
    path = tmp_path / "r.jsonl"
    Results(path).add(row())
    with opened(path, anew=True) as results:
        assert results.rows == []
    assert not path.exists()


def test_a_second_run_on_the_same_results_is_refused(int8_files, data, tmp_path, capsys):
    path = tmp_path / "r.jsonl"
    command = ["bench", "run", str(int8_files.onnx), "--recipe", str(data / "joint.yaml")]
    with opened(path):
        assert main([*command, "--quick", "-o", str(path)]) == 2
    assert "another process is writing it; wait for it" in capsys.readouterr().err
