"""The files of a run: rows, what they say when it goes on, and how it ended."""

import csv
import json

from edgetext.training.monitors.monitor import End
from edgetext.training.monitors.table_files import TableMonitor


def monitor(every=2):
    return TableMonitor(TableMonitor.Config(every=every))


def rows(folder, name):
    with (folder / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_row_an_epoch_and_a_row_each_so_many_steps(start, told):
    told(monitor(), start, end=End("done", 2, {"accuracy": 0.8}))
    steps = rows(start.folder, "steps.csv")
    assert [row["step"] for row in steps] == ["2", "4", "6", "8"]
    assert steps[0] == {
        "step": "2", "epoch": "1", "loss": "0.5", "learning_rate": "0.2", "gradient_norm": "4",
    }  # fmt: skip
    epochs = rows(start.folder, "epochs.csv")
    assert [(row["epoch"], row["step"], row["accuracy"]) for row in epochs] == [
        ("1", "4", "0.4"),
        ("2", "8", "0.8"),
    ]
    about = json.loads((start.folder / "run.json").read_text())
    assert about["status"] == "done" and about["kept_epoch"] == 2
    assert about["metrics"] == {"accuracy": 0.8} and about["recipe"] == start.recipe
    assert about["parameters"] == 3 * 4 + 4 * 2 + 2


def test_a_run_that_goes_on_has_each_row_once(start, told, going_on):
    told(monitor(), start, until=7)
    # The state was written after step 5, so that all behind it comes again.
    told(monitor(), going_on(start, 5), end=End("done", 2))
    assert [row["step"] for row in rows(start.folder, "steps.csv")] == ["2", "4", "6", "8"]
    assert [row["step"] for row in rows(start.folder, "epochs.csv")] == ["4", "8"]
    assert json.loads((start.folder / "run.json").read_text())["went_on_after_step"] == 5


def test_a_run_anew_forgets_the_one_before(start, told):
    told(monitor(), start)
    told(monitor(), start, until=4)
    assert [row["step"] for row in rows(start.folder, "epochs.csv")] == ["4"]


def test_without_a_folder_nothing_is_written(start, told, tmp_path):
    from dataclasses import replace

    told(monitor(), replace(start, folder=None), end=End("done"))
    assert list(tmp_path.iterdir()) == []


def test_damaged_rows_go_when_a_run_goes_on(start, told, going_on):
    told(monitor(), start, until=5)
    with (start.folder / "steps.csv").open("ab") as file:
        file.write(b"\xff\x00,1\n\nnone\n")
    told(monitor(), going_on(start, 5), end=End("done", 2))
    assert [row["step"] for row in rows(start.folder, "steps.csv")] == ["2", "4", "6", "8"]
