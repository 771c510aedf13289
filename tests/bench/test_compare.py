"""Two result files: regressions are found, noise is not taken for one."""

import copy
import json

import pytest

from edgetext.cli import main
from edgetext_bench.rows import read_rows


@pytest.fixture
def changed(measured, tmp_path):
    """changed(edit): the results with every row edited, as a file."""

    def write(edit, keep=lambda row: True):
        rows = [copy.deepcopy(row) for row in read_rows(measured[0]) if keep(row)]
        for row in rows:
            edit(row)
        path = tmp_path / "new.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return str(path)

    return write


def slower(factor):
    def edit(row):
        figures = row["measured"]
        if row["cell"]["kind"] == "latency":
            figures["p50_us"] *= factor
            figures["round_p50_us"] = [factor * x for x in figures["round_p50_us"]]

    return edit


def test_a_file_is_no_regression_against_itself(measured, capsys):
    path = str(measured[0])
    assert main(["bench", "compare", path, path]) == 0
    assert "0 regression(s)" in capsys.readouterr().out


def test_three_times_as_slow_is_a_regression(measured, changed, capsys):
    new = changed(slower(30))
    assert main(["bench", "compare", str(measured[0]), new]) == 1
    out = capsys.readouterr().out
    assert "p50_us" in out and out.count("regression\n") >= 4
    assert main(["bench", "compare", new, str(measured[0])]) == 0


def test_the_tolerance_is_what_is_let_pass(measured, changed):
    new = changed(slower(30))
    assert main(["bench", "compare", str(measured[0]), new, "--tolerance", "100000"]) == 0


def test_a_larger_file_and_a_worse_metric_are_regressions(measured, changed, capsys):
    def edit(row):
        row["file"]["bytes"] *= 2

    assert main(["bench", "compare", str(measured[0]), changed(edit)]) == 1
    assert "file bytes" in capsys.readouterr().out

    def worse(row):
        if row["cell"]["kind"] == "quality":
            metrics = row["measured"]["metrics"]
            metrics.update({name: value - 0.02 for name, value in metrics.items()})

    assert main(["bench", "compare", str(measured[0]), changed(worse)]) == 1


def test_missing_cells_and_other_machines_are_said(measured, changed, capsys):
    def elsewhere(row):
        row["machine"]["id"] = "other"

    new = changed(elsewhere, lambda row: row["cell"]["kind"] != "quality")
    assert main(["bench", "compare", str(measured[0]), new]) == 0
    out, err = capsys.readouterr()
    assert "only in" in out and "different machines" in err


def test_files_without_a_common_cell_are_refused(measured, tmp_path, capsys):
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    assert main(["bench", "compare", str(measured[0]), str(empty)]) == 2
    assert "no measured cell in common" in capsys.readouterr().err
