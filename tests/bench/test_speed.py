"""What ships against its teacher, untrained: every task's shapes, and the ratio of their times."""

import pytest

from edgetext.bench import speed as speeds
from edgetext.bench.rows import cell_of, read_rows
from edgetext.cli import main


def test_the_files_are_timed_against_the_teacher_and_found_again(
    data, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(speeds, "SUFFIXES", (".onnx",))
    path = tmp_path / "s.jsonl"
    command = ["bench", "speed", str(data / "joint.yaml"), "--quick", "-o", str(path)]
    assert main(command) == 0
    said = capsys.readouterr().out
    before = path.read_bytes()
    assert main(command) == 0 and path.read_bytes() == before
    rows = read_rows(path)
    assert {(cell_of(row).kind, cell_of(row).runtime) for row in rows} == {
        ("latency", "eager"),
        ("latency", "onnxruntime"),
    }
    (found,) = speeds.speeds(rows)
    assert found.file in said and found.file.endswith("-int8.onnx")
    assert found.ratio[1] <= found.ratio[0] <= found.ratio[2]
    for row, factor in zip(rows, (10.0, 1.0), strict=True):
        row["measured"] = {"p50_us": 7 * factor, "round_p50_us": [6 * factor, 8 * factor]}
    (made,) = speeds.speeds(rows)
    assert (made.teacher, made.p50) == (70, 7)
    assert made.ratio == pytest.approx((10, 10, 10))


def test_a_teacher_alone_has_no_ratio(data, tmp_path, monkeypatch):
    monkeypatch.setattr(speeds, "SUFFIXES", ())
    path = tmp_path / "s.jsonl"
    assert main(["bench", "speed", str(data / "joint.yaml"), "--quick", "-o", str(path)]) == 0
    assert list(speeds.speeds(read_rows(path))) == []
