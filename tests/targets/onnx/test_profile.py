"""The time of an answer goes to operators, each counted once."""

import numpy as np
from looping import write_loop

from edgetext.targets.onnx.profile import in_onnxruntime


def test_what_a_loop_runs_is_within_its_time(tmp_path):
    path = write_loop(tmp_path / "loop.onnx")
    operators = in_onnxruntime(str(path), {"text": np.arange(5)})
    assert {name: calls for name, calls, _ in operators} == {"Size": 1, "Loop": 1}
