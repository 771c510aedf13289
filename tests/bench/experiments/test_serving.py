"""The figures of servers: ratios are of one round, and what failed is no figure."""

import os
import subprocess
import sys

import pytest

pytest.importorskip("prometheus_client")
from edgetext_bench.experiments.serving import (
    Figures,
    batch_file,
    processor_time,
    table,
)


def test_ratios_are_medians_of_rounds():
    ours = [Figures(200, 300, 900, 10), Figures(100, 500, 900, 20), Figures(400, 300, 900, 10)]
    theirs = [Figures(100, 500, 900, 40), Figures(100, 900, 900, 40), Figures(100, 500, 900, 40)]
    lines = list(table({("edgetext", 1): ours, ("other", 1): theirs}, [100, 100, 100]))
    assert lines[0] == "An answer without a server: 100 µs."
    assert lines[4].endswith("| 200 | 300 | 900 | 10 | 1.00 | 1.00 | 1.00 |")
    assert lines[5] == "| other | 1 | 100 | 500 | 900 | 40 | 2.00 | 0.50 | 0.25 |"


def test_the_time_of_a_group_is_that_of_all_its_processes():
    code = "import os\nos.fork()\nwhile sum(os.times()[:2]) < 0.2: pass\nprint(1, flush=True)"
    code += "\nimport time\ntime.sleep(60)"
    process = subprocess.Popen(
        [sys.executable, "-c", code], start_new_session=True, stdout=subprocess.PIPE
    )
    try:
        process.stdout.readline()
        process.stdout.readline()
        assert processor_time(process.pid) > 350_000
        assert processor_time(os.getpid() * 1000) == 0
    finally:
        os.killpg(process.pid, 9)
        process.communicate()


def test_a_batch_file_lies_beside_its_file(tmp_path):
    assert batch_file(tmp_path / "a.onnx") == tmp_path / "a-batch.onnx"
