#!/usr/bin/env bash
# OpenVINO, CPU: attention over the three parts of one tensor [1, n, 96], Split -> product with the
# transposed second part -> Softmax -> product with the third, in float32, for n of 1, 17 and 300.
# Version: openvino 2026.4.1, onnx 1.23.2 (to write the graph).
# Expected: an answer depends on what is given and not on what was given before.
# Seen: 17 rows and more are right until the compiled model has once been given a single row. From
# then on they are wrong, by 16 of numbers of size 1 to 50, in every request of that compiled model.
# With SNIPPETS_MODE=DISABLE, and with CPU_RUNTIME_CACHE_CAPACITY=0, all answers are right.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check onnx==1.23.2 openvino==2026.4.1
cat > "$work/rows.py" <<'PYTHON'
import numpy as np
import openvino
from onnx import TensorProto, helper, numpy_helper

PART = 32
steps = [
    helper.make_node("Split", ["x"], ["query", "key", "value"], axis=2, num_outputs=3),
    helper.make_node("Mul", ["query", "scale"], ["scaled"]),
    helper.make_node("Transpose", ["key"], ["turned"], perm=[0, 2, 1]),
    helper.make_node("MatMul", ["scaled", "turned"], ["scores"]),
    helper.make_node("Softmax", ["scores"], ["chances"]),
    helper.make_node("MatMul", ["chances", "value"], ["y"]),
]
graph = helper.make_graph(
    steps,
    "attention",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, "n", 3 * PART])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, "n", PART])],
    [numpy_helper.from_array(np.float32(0.25), "scale")],
)
content = helper.make_model(
    graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10
).SerializeToString()
rows = np.random.default_rng(0).standard_normal((1, 300, 3 * PART)).astype(np.float32)


def right(x):
    query, key, value = np.split(x[0].astype(np.float64), 3, axis=1)
    scores = query * 0.25 @ key.T
    chances = np.exp(scores - scores.max(1, keepdims=True))
    return chances / chances.sum(1, keepdims=True) @ value


def errors(lengths, **settings):
    """The largest error of each answer, one length after another."""
    core = openvino.Core()
    settings = {"INFERENCE_PRECISION_HINT": "f32", **settings}
    compiled = core.compile_model(core.read_model(content), "CPU", settings)
    each = []
    for length in lengths:
        x = rows[:, :length]
        each.append(float(np.abs(compiled({"x": x})[0][0] - right(x)).max()))
    print(settings, dict(zip(lengths, each, strict=True)))
    return [error > 1e-3 for error in each]


seen = [
    errors([300, 17]) == [False, False],
    errors([1, 17, 300]) == [False, True, True],
    errors([1, 17, 300], SNIPPETS_MODE="DISABLE") == [False] * 3,
    errors([1, 17, 300], CPU_RUNTIME_CACHE_CAPACITY="0") == [False] * 3,
]
print("as described" if all(seen) else "changed")
raise SystemExit(not all(seen))
PYTHON
"$python" "$work/rows.py"
