"""Which cells a contender has."""

import pytest

from edgetext.tasks.task import task_of
from edgetext.timing.contenders import Entry
from edgetext_bench.rows import Cell
from edgetext_bench.taking import Taking, absent

KINDS = ("latency", "network", "scores", "work")


@pytest.mark.parametrize(
    ("runtime", "task", "kinds"),
    [
        ("onnxruntime", "joint", KINDS),
        ("onnxruntime", "lm", ("latency", "network", "work")),
        ("executorch", "joint", ("latency", "network", "work")),
        ("compiled", "joint", ("latency",)),
        ("a peer's", "joint", ("latency",)),
    ],
)
def test_cells_are_those_of_its_way_and_task(runtime, task, kinds):
    labels = {"intents": ["a"], "slots": ["b"]}
    taking = Taking(Entry("m", "m", runtime), {}, task_of(task, labels if task == "joint" else {}))
    assert tuple(kind for kind in KINDS if taking.has(kind)) == kinds


def test_what_cannot_take_part_has_a_cell_without_a_runtime():
    taking = absent("flair")
    assert taking.cell("quality") == Cell("server", "flair", "none", "quality")
    assert taking.file == {"name": "flair", "sha256": None}
