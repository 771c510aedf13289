"""The results file: it grows, it is resumed, and it survives a cut."""

import json

import pytest

from edgetext.core.errors import EdgetextError
from edgetext_bench.rows import Cell, Results, read_rows


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
