"""Models of every task are measured: answers come whole, figures are the task's own."""

import pytest

from edgetext_bench.report.markdown import markdown
from edgetext_bench.report.page import page
from edgetext_bench.rows import cell_of, read_rows
from edgetext_bench.summary import table

KINDS = ("latency", "network", "quality", "noise")
METRICS = {
    "tag": ("span_f1",),
    "parse": ("exact_match", "bracket_f1"),
    "multi": (),
    "lm": ("next_word_accuracy", "completion_top3"),
}


@pytest.mark.parametrize("task", sorted(METRICS))
def test_a_task_is_measured_by_its_own_metrics(task, tiny_run, request, tmp_path):
    files = request.getfixturevalue(f"{task}_files")
    path = tmp_path / "r.jsonl"
    split = "train" if task == "lm" else "test"
    run = tiny_run([files.onnx], path, task, split, kinds=KINDS, lengths=(8,), batches=(1,))
    assert run.failed == []
    rows = read_rows(path)
    kinds = {cell_of(row).kind for row in rows}
    assert kinds == set(KINDS)
    for row in rows:
        kind = cell_of(row).kind
        if kind == "quality":
            assert set(METRICS[task]) <= set(row["measured"]["metrics"])
        if kind == "noise":
            assert row["status"] == ("skipped" if task == "lm" else "ok"), row["note"]
    shown = table(rows)
    for name in METRICS[task]:
        assert name.replace("_", " ").replace(" f1", " F1") in shown
    assert f"{files.onnx.name} · onnxruntime" in markdown(rows)
    assert page(rows).count("<svg") >= 1
