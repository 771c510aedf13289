"""Rows as tables, and pages that have one already."""

import pytest

from edgetext.conformance.table import by_task, in_page

ONE = {"equal": 10, "near": 0, "borderline": 0, "other": 0}


def row(precision="int8", near=0, other=0, title="Lean", release="1.0", task="joint", name="a"):
    return {
        "engine": {"title": title, "release": release},
        "file": {"name": f"{name}.onnx", "suffix": ".onnx", "task": task, "precision": precision},
        "golden": ONE,
        "texts": {"equal": 1000, "near": near, "borderline": 0, "other": other},
    }


def test_a_line_of_each_task_engine_and_precision():
    rows = [row(), row(name="b", near=2), row(task="classify"), row("float32", other=3)]
    headings, lines = by_task(rows)
    assert headings == ["task", "engine", "file", "asked", "equal", "near", "borderline", "other"]
    assert lines == [
        ["classify", "Lean 1.0", "a.onnx", "1,010", "1,010", "0", "0", "0"],
        ["joint", "Lean 1.0", "a.onnx", "1,013", "1,010", "0", "0", "3"],
        ["joint", "Lean 1.0", "2 files, .onnx int8", "2,022", "2,020", "2", "0", "0"],
    ]


def test_a_new_page_is_the_table():
    page = in_page("", [row(near=1), row("float32", release="2.0"), row(task="tag", name="b")])
    assert page == (
        "| engine | float32 | int8 |\n| --- | --- | --- |\n"
        "| Lean 1.0, `.onnx` | — | 2,020 equal, 1 near (2 files, 2 tasks) |\n"
        "| Lean 2.0, `.onnx` | 1,010 equal | — |\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [("", ""), ("# Title\n\nOf these:\n\n", "\nMore text.\n\n| a | b |\n"), ("# Title\n\n", "")],
)
def test_a_page_keeps_the_rest_and_what_was_not_asked_again(before, after):
    first = in_page("", [row(near=1), row("float32"), row(title="Other")])
    page = in_page(before + first + after, [row(near=5), row(title="Third", precision="int4")])
    assert page == before + (
        "| engine | float32 | int4 | int8 |\n| --- | --- | --- | --- |\n"
        "| Lean 1.0, `.onnx` | 1,010 equal | — | 1,010 equal, 5 near |\n"
        "| Other 1.0, `.onnx` | — | — | 1,010 equal |\n"
        "| Third 1.0, `.onnx` | — | 1,010 equal | — |\n"
    ) + after  # fmt: skip
    assert in_page(page, [row(near=5)]) == page


def test_a_page_without_the_table_gets_it_at_its_end():
    assert in_page("# Title", [row()]).startswith("# Title\n\n| engine | int8 |\n")
