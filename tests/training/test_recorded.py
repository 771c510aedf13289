"""Runs as they were noted."""

import json

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.training.recorded import recorded_runs, sparkline


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "a" / "x.run"
    folder.mkdir(parents=True)
    about = {"started": "2026-01-02", "status": "running", "recipe": {"training": {"epochs": 2}}}
    (folder / "run.json").write_text(json.dumps(about))
    rows = ["step,epoch,loss,accuracy,time", "4,1,2.0,0.5,t", "8,2,1.0,0.7,t"]
    (folder / "epochs.csv").write_text("\n".join(rows))
    (folder / "steps.csv").write_text("step,epoch,loss\n2,1,3.0\n4,1,1.0\n6,2")
    return folder


def test_a_run_that_goes_on_has_the_figures_of_its_last_epoch(run, tmp_path):
    (recorded,) = recorded_runs([tmp_path])
    assert recorded.figures == {"accuracy": 0.7}
    assert recorded.curves() == {
        "loss": [2.0, 1.0],
        "accuracy": [0.5, 0.7],
        "loss of steps": [3.0, 1.0],
    }
    assert recorded.values() == {"training.epochs": 2}


def test_what_cannot_be_read_is_named(run, tmp_path):
    (run / "run.json").write_text("{")
    with pytest.raises(EdgetextError, match=r"run\.json: what the run was cannot be read"):
        recorded_runs([tmp_path])
    with pytest.raises(EdgetextError, match="no such folder"):
        recorded_runs([tmp_path / "b"])


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ([0, 1, 2, 3, 4, 5, 6, 7], "▁▂▃▄▅▆▇█"),
        ([5.0], "▁"),
        ([0, 0, 7, 7], "▁█"),
        ([float("nan"), 1, float("inf"), 2], "▁█"),
        ([], ""),
    ],
)
def test_a_curve_is_a_row_of_blocks(values, drawn):
    assert sparkline(values, 2 if len(values) == 4 else 8) == drawn


@pytest.mark.parametrize(
    "about",
    ["[]", "7", '{"metrics": {"accuracy": "high"}}', '{"recipe": []}', '{"parameters": "x"}'],
)
def test_a_run_that_says_something_else_is_named(run, tmp_path, about):
    (run / "run.json").write_text(about)
    with pytest.raises(EdgetextError, match=r"run\.json: what the run was cannot be read"):
        recorded_runs([tmp_path])


def test_damaged_rows_are_left_out(run, tmp_path):
    with (run / "epochs.csv").open("ab") as file:
        file.write(b"\nx,y\n\xff\xfe\x00,3,1.0,0.9,t\n12,3,none,0.9,t\n12,3,0.5,0.9,t\n")
    (recorded,) = recorded_runs([tmp_path])
    assert recorded.curves()["loss"] == [2.0, 1.0, 0.5]
    (run / "steps.csv").unlink()
    (run / "steps.csv").mkdir()
    with pytest.raises(EdgetextError, match=r"steps\.csv: what the run was cannot be read"):
        recorded_runs([tmp_path])
