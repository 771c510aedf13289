"""What ships against its teacher, untrained: every task's shapes, and the ratio of their times."""

import contextlib
import io

import pytest

from edgetext.cli import main
from edgetext.targets import catalog
from edgetext_bench import speed as speeds
from edgetext_bench.rows import cell_of, read_rows


@pytest.fixture(scope="module")
def timed(data, tmp_path_factory):
    """(the command, its file, what it printed)."""
    path = tmp_path_factory.mktemp("speed") / "s.jsonl"
    command = ["bench", "speed", str(data / "joint.yaml"), "--quick", "-o", str(path)]
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(said):
        patch.setattr(catalog, "measured_artifacts", lambda: [".onnx"])
        assert main(command) == 0
    return command, path, said.getvalue()


def test_the_files_are_timed_against_the_teacher(timed):
    _, path, said = timed
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


def test_what_was_timed_is_found_again(timed, monkeypatch):
    command, path, _ = timed
    monkeypatch.setattr(catalog, "measured_artifacts", lambda: [".onnx"])
    before = path.read_bytes()
    assert main(command) == 0 and path.read_bytes() == before


def test_a_teacher_alone_has_no_ratio(timed):
    rows = [row for row in read_rows(timed[1]) if cell_of(row).runtime == "eager"]
    assert rows and list(speeds.speeds(rows)) == []
