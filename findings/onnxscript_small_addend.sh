#!/usr/bin/env bash
# onnxscript, its optimizer, which torch.onnx.export runs on every graph: x + 1e-30.
# Versions: onnxscript 0.7.2, onnx 1.23.2 and onnxruntime 1.32.0 (to write and run the graph).
# Expected: what is added to keep a divisor from being zero stays.
# Seen: the addition is taken for one of zero and left out, and 0 / (0 + 1e-30) becomes 0 / 0, no
# number in place of 0; with 1e-3 it stays. Max(x, 1e-30) is not touched.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check \
    onnxscript==0.7.2 onnx==1.23.2 onnxruntime==1.32.0
cat > "$work/added.py" <<'PYTHON'
import numpy as np
import onnx
import onnxruntime
import onnxscript.optimizer
from onnx import TensorProto, helper


def quotient(operator, least):
    """x / (x + least), or x / max(x, least), of x = 0, by the optimized graph; and its operators."""
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in "xy")
    small = helper.make_tensor("small", TensorProto.FLOAT, [], [least])
    nodes = [
        helper.make_node(operator, ["x", "small"], ["divisor"]),
        helper.make_node("Div", ["x", "divisor"], ["y"]),
    ]
    graph = helper.make_graph(nodes, "g", [x], [y], [small])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    model = onnxscript.optimizer.optimize(model)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    (answer,) = session.run(None, {"x": np.zeros(1, np.float32)})
    return [node.op_type for node in model.graph.node], float(answer[0])


seen = {
    (operator, least): quotient(operator, least)
    for operator, least in (("Add", 1e-30), ("Add", 1e-3), ("Max", 1e-30))
}
for given, (operators, answer) in seen.items():
    print(given, operators, answer)
as_described = (
    seen["Add", 1e-30][0] == ["Div"]
    and np.isnan(seen["Add", 1e-30][1])
    and seen["Add", 1e-3] == (["Add", "Div"], 0)
    and seen["Max", 1e-30] == (["Max", "Div"], 0)
)
print("as described" if as_described else "changed")
raise SystemExit(not as_described)
PYTHON
"$python" "$work/added.py"
