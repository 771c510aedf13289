"""What answers take is counted for each question by itself."""

import numpy as np
from looping import write_loop

from edgetext.targets.onnx.work import work


def test_a_loop_counts_as_often_as_it_runs(tmp_path):
    path = write_loop(tmp_path / "loop.onnx")
    questions = [{"text": np.arange(3)}, {"text": np.arange(5)}]
    counts = [counted["operators"] for counted in work(path, questions)]
    # Size and Loop, and of each step what passes its condition on, and a sum.
    assert counts == [2 + 2 * 3, 2 + 2 * 5]
