#!/usr/bin/env bash
# ONNX Runtime's offline optimization, and an older release that loads its result.
# Versions: onnxruntime 1.32.0 writes, onnxruntime 1.27.0 reads; onnx 1.23.2.
# A graph with one MatMulNBits and the Add of a bias is saved by 1.32.0 (optimized_model_filepath, extended level).
# Expected: as the graph uses nothing new, 1.27.0 loads the saved file as it loads the original.
# Seen: 1.32.0 joins the two and writes out every attribute that it knows, weight_prepacked=0 among them, and 1.27.0
# refuses the file ("Unrecognized attribute: weight_prepacked"). With the attributes that hold their
# defaults taken out again, 1.27.0 loads it and answers alike.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.32.0
"$python" -m pip install --quiet --disable-pip-version-check --no-deps --target "$work/old" \
    onnxruntime==1.27.0
cat > "$work/write.py" <<'PYTHON'
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

folder = sys.argv[1]
rng = np.random.default_rng(0)
weights = rng.integers(0, 256, (4, 1, 64), np.uint8)
scales = np.full(4, 0.01, np.float32)
product = helper.make_node(
    "MatMulNBits", ["x", "w", "s"], ["z"], domain="com.microsoft", K=64, N=4, bits=8, block_size=64
)
node = helper.make_node("Add", ["z", "b"], ["y"])
bias = np.arange(4, dtype=np.float32)
graph = helper.make_graph(
    [product, node],
    "g",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 64])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 4])],
    [numpy_helper.from_array(weights, "w"), numpy_helper.from_array(scales, "s"),
     numpy_helper.from_array(bias, "b")],
)
sets = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
onnx.save(helper.make_model(graph, opset_imports=sets, ir_version=10), f"{folder}/given.onnx")
options = onnxruntime.SessionOptions()
options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
options.optimized_model_filepath = f"{folder}/optimized.onnx"
options.log_severity_level = 4
onnxruntime.InferenceSession(f"{folder}/given.onnx", options, providers=["CPUExecutionProvider"])
model = onnx.load(f"{folder}/optimized.onnx")
(node,) = model.graph.node
kept = [entry for entry in node.attribute if entry.name != "weight_prepacked"]
del node.attribute[:]
node.attribute.extend(kept)
onnx.save(model, f"{folder}/stripped.onnx")
PYTHON
cat > "$work/read.py" <<'PYTHON'
import sys

import numpy as np
import onnxruntime

x = np.linspace(-1, 1, 128, dtype=np.float32).reshape(2, 64)
for name in ("given", "optimized", "stripped"):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(
            f"{sys.argv[1]}/{name}.onnx", options, providers=["CPUExecutionProvider"]
        )
        print(name, np.round(session.run(None, {"x": x})[0].sum(), 2))
    except Exception as error:
        print(name, "refused:", "weight_prepacked" in str(error))
PYTHON
"$python" "$work/write.py" "$work"
new=$("$python" "$work/read.py" "$work")
old=$(PYTHONPATH="$work/old" "$python" "$work/read.py" "$work")
printf 'onnxruntime 1.32.0\n%s\nonnxruntime 1.27.0\n%s\n' "$new" "$old"
answer=$(echo "$new" | sed -n 's/^given //p')
[ "$new" = "given $answer
optimized $answer
stripped $answer" ] && [ "$old" = "given $answer
optimized refused: True
stripped $answer" ] && echo "as described"
