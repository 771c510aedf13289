#!/usr/bin/env bash
# ONNX Runtime, CPU, ArgMax and ReduceMax of a matrix [0, 5] over its second axis.
# Versions: onnxruntime 1.31.1 and 1.32.0, onnx 1.23.2 (to write the graph).
# Expected by the standard: [0] without keepdims, [0, 1] with it, however the axis is counted.
# Seen: 1.31.1 (and 1.24.1 to 1.31.0) answer [0, 5] when the axis is -1 and the right shape when it
# is 1; 1.32.0 is right in both. What comes next, a Concat for instance, meets a shape that the
# graph does not promise.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.32.0
"$python" -m pip install --quiet --disable-pip-version-check --no-deps --target "$work/old" \
    onnxruntime==1.31.1
cat > "$work/shapes.py" <<'PYTHON'
import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

found = []
for name in ("ArgMax", "ReduceMax"):
    for axis in (1, -1):
        for keepdims in (0, 1):
            axes = numpy_helper.from_array(np.array([axis]), "axes")
            if name == "ArgMax":
                node = helper.make_node(name, ["x"], ["y"], axis=axis, keepdims=keepdims)
            else:
                node = helper.make_node(name, ["x", "axes"], ["y"], keepdims=keepdims)
            kind = TensorProto.INT64 if name == "ArgMax" else TensorProto.FLOAT
            graph = helper.make_graph(
                [node],
                "g",
                [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", 5])],
                [helper.make_tensor_value_info("y", kind, None)],
                [axes] if name == "ReduceMax" else [],
            )
            model = helper.make_model(
                graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10
            )
            options = onnxruntime.SessionOptions()
            options.log_severity_level = 4
            session = onnxruntime.InferenceSession(
                model.SerializeToString(), options, providers=["CPUExecutionProvider"]
            )
            (y,) = session.run(None, {"x": np.zeros((0, 5), np.float32)})
            found.append(f"{name} axis={axis} keepdims={keepdims}: {list(y.shape)}")
print("\n".join(found))
PYTHON
right='ArgMax axis=1 keepdims=0: [0]
ArgMax axis=1 keepdims=1: [0, 1]
ArgMax axis=-1 keepdims=0: [0]
ArgMax axis=-1 keepdims=1: [0, 1]
ReduceMax axis=1 keepdims=0: [0]
ReduceMax axis=1 keepdims=1: [0, 1]
ReduceMax axis=-1 keepdims=0: [0]
ReduceMax axis=-1 keepdims=1: [0, 1]'
wrong='ArgMax axis=1 keepdims=0: [0]
ArgMax axis=1 keepdims=1: [0, 1]
ArgMax axis=-1 keepdims=0: [0, 5]
ArgMax axis=-1 keepdims=1: [0, 5]
ReduceMax axis=1 keepdims=0: [0]
ReduceMax axis=1 keepdims=1: [0, 1]
ReduceMax axis=-1 keepdims=0: [0, 5]
ReduceMax axis=-1 keepdims=1: [0, 5]'
new=$("$python" "$work/shapes.py")
old=$(PYTHONPATH="$work/old" "$python" "$work/shapes.py")
printf 'onnxruntime 1.31.1\n%s\nonnxruntime 1.32.0\n%s\n' "$old" "$new"
[ "$old" = "$wrong" ] && [ "$new" = "$right" ] && echo "as described"
