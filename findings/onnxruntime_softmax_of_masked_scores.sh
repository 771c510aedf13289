#!/usr/bin/env bash
# ONNX Runtime, CPU, Exp and Softmax of [900, 28] in float32, eight of the 28 at a low value.
# Version: onnxruntime 1.32.0, onnx 1.23.2 (to write the graph).
# Expected: the same time whatever the values are.
# Seen on a processor with AVX-512: with values of which e to their power is no normal float32, from
# -88 down to minus infinity, Exp takes some twelve times as long as with -40 or -80, and Softmax
# four times; the answers are right. So masking the scores of attention with -inf or -10000 costs
# more than the softmax itself, and masking them with a value some 40 below the largest does not.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.32.0
cat > "$work/times.py" <<'PYTHON'
import time

import numpy as np
import onnxruntime
from onnx import TensorProto, helper

SHAPE = (900, 28)
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1


def session(operator):
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, SHAPE) for name in "xy")
    graph = helper.make_graph([helper.make_node(operator, ["x"], ["y"])], "g", [x], [y])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def least(run, value):
    """The least microseconds of 500 calls."""
    x = np.zeros(SHAPE, np.float32)
    x[:, 20:] = value
    times = []
    for _ in range(500):
        start = time.perf_counter_ns()
        run.run(None, {"x": x})
        times.append(time.perf_counter_ns() - start)
    return min(times) / 1e3


slow = []
for operator in ("Exp", "Softmax"):
    run = session(operator)
    times = {value: least(run, value) for value in (0, -40, -80, -1e4, -np.inf)}
    print(operator, {value: round(taken, 1) for value, taken in times.items()})
    slow += [times[-1e4] > 2 * times[-40], times[-np.inf] > 2 * times[-40]]
    slow += [times[-80] < 1.5 * times[0], times[-40] < 1.5 * times[0]]
print("as described" if all(slow) else "changed")
raise SystemExit(not all(slow))
PYTHON
"$python" "$work/times.py"
