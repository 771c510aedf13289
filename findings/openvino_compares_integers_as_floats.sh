#!/usr/bin/env bash
# OpenVINO, CPU: Equal, Less, Mod and ReduceMin of int32, and int64, with values beyond 2^24.
# Version: openvino 2026.4.1, onnx 1.23.2 (to write the graphs).
# Expected: integers are compared as integers, as ONNX defines it and NumPy does.
# Seen: sums, differences, products and running sums of int32 are exact and wrap round at 2^32, and so
# is BitwiseAnd. Equal, Less, Mod and ReduceMin compute in float32, so that 2^24 + 1 equals 2^24 and
# the least of two such is another one; int64 is cut to 32 bits before anything is done with it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check onnx==1.23.2 openvino==2026.4.1
cat > "$work/integers.py" <<'PYTHON'
import numpy as np
import openvino
from onnx import TensorProto, helper, numpy_helper


def answer(operator, kind, *inputs, gives=None):
    """What OpenVINO makes of some vectors, the first of which is an input of the graph."""
    names = [f"i{k}" for k in range(len(inputs))]
    attributes = {"keepdims": 0} if operator == "ReduceMin" else {}
    graph = helper.make_graph(
        [helper.make_node(operator, names, ["y"], **attributes)],
        "g",
        [helper.make_tensor_value_info("i0", kind, inputs[0].shape)],
        [helper.make_tensor_value_info("y", gives or kind, None)],
        [numpy_helper.from_array(x, name) for x, name in zip(inputs[1:], names[1:], strict=True)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    core = openvino.Core()
    compiled = core.compile_model(
        core.read_model(model.SerializeToString()), "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )
    return compiled({"i0": inputs[0]})[0]


large = np.array([2**24 + 1, 2**30 + 7, -(2**25) - 3], np.int32)
near = large - np.int32(1)
factor = np.array([1_000_003], np.int32)
int32, int64, boolean = TensorProto.INT32, TensorProto.INT64, TensorProto.BOOL
with np.errstate(over="ignore"):
    right = {
        "Mul": answer("Mul", int32, large, factor).tolist() == (large * factor).tolist(),
        "Sub": answer("Sub", int32, large, near).tolist() == [1, 1, 1],
        "BitwiseAnd": answer("BitwiseAnd", int32, large, np.int32([255])).tolist()
        == (large & 255).tolist(),
        "Equal": answer("Equal", int32, large, near, gives=boolean).tolist() == [False] * 3,
        "Less": answer("Less", int32, near, large, gives=boolean).tolist() == [True] * 3,
        "Mod": answer("Mod", int32, large[:2], np.int32([1009])).tolist()
        == (large[:2] % 1009).tolist(),
        "ReduceMin": answer("ReduceMin", int32, np.stack([large, near]), np.array([0])).tolist()
        == near.tolist(),
        "int64": answer("Add", int64, np.array([2**40]), np.array([1])).tolist() == [2**40 + 1],
    }
print(right)
exact = [name for name, is_right in right.items() if is_right]
print("exact:", ", ".join(exact))
same = exact == ["Mul", "Sub", "BitwiseAnd"]
print("as described" if same else "changed")
raise SystemExit(not same)
PYTHON
"$python" "$work/integers.py"
