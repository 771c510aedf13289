#!/usr/bin/env bash
# ONNX Runtime, CPU, the lesser of int64 numbers between 2^31 and 2^32 and smaller ones: Min, Clip,
# and ReduceMin of a vector.
# Versions: onnxruntime 1.31.1 and 1.32.0, onnx 1.23.2 (to write the graph).
# Expected by the standard: that of NumPy.
# Seen: 1.31.1 (and 1.24.1 to 1.31.0) take the larger one, on an x86-64 processor with AVX2: where
# the higher halves of two numbers are equal, their lower halves are compared as if they had a sign,
# so that Clip to 0 and 7 gives 0. Less is right, and so is ReduceMin of a matrix over its first
# axis; 1.32.0 is right in all.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
grep -q avx2 /proc/cpuinfo || { echo "needs a processor with AVX2"; exit 1; }
python3.11 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.32.0
"$python" -m pip install --quiet --disable-pip-version-check --no-deps --target "$work/old" \
    onnxruntime==1.31.1
cat > "$work/lesser.py" <<'PYTHON'
import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

LARGE, SMALL = 3_000_000_000, 7
rows = np.array([[LARGE] * 4, [SMALL] * 4])
cases = {
    "Min": ("Min", [np.full(4, SMALL)], {}),
    "Clip": ("Clip", [np.array(0), np.array(SMALL)], {}),
    "ReduceMin vector": ("ReduceMin", [np.array([0])], {"keepdims": 1}),
    "ReduceMin rows": ("ReduceMin", [np.array([0])], {"keepdims": 0}),
    "Less": ("Less", [np.full(4, SMALL)], {}),
}
for name, (kind, others, attributes) in cases.items():
    x = {"vector": np.tile([LARGE, SMALL, LARGE], 1000), "rows": rows}.get(name[10:], rows[0])
    constants = [numpy_helper.from_array(value, f"c{i}") for i, value in enumerate(others)]
    node = helper.make_node(kind, ["x", *(c.name for c in constants)], ["y"], **attributes)
    given = TensorProto.BOOL if kind == "Less" else TensorProto.INT64
    graph = helper.make_graph(
        [node],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.INT64, x.shape)],
        [helper.make_tensor_value_info("y", given, None)],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    print(f"{name}: {session.run(None, {'x': x})[0].tolist()}")
PYTHON
right='Min: [7, 7, 7, 7]
Clip: [7, 7, 7, 7]
ReduceMin vector: [7]
ReduceMin rows: [7, 7, 7, 7]
Less: [False, False, False, False]'
wrong='Min: [3000000000, 3000000000, 3000000000, 3000000000]
Clip: [0, 0, 0, 0]
ReduceMin vector: [3000000000]
ReduceMin rows: [7, 7, 7, 7]
Less: [False, False, False, False]'
new=$("$python" "$work/lesser.py")
old=$(PYTHONPATH="$work/old" "$python" "$work/lesser.py")
printf 'onnxruntime 1.31.1\n%s\nonnxruntime 1.32.0\n%s\n' "$old" "$new"
[ "$old" = "$wrong" ] && [ "$new" = "$right" ] && echo "as described"
