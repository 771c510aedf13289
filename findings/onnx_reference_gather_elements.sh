#!/usr/bin/env bash
# onnx, its reference evaluator: GatherElements along the first axis of a vector, and of [n, 2].
# Version: onnx 1.23.2, numpy 2.4.6, onnxruntime 1.32.0 (for the right answer).
# Expected: the elements at the indices, whatever n is.
# Seen: right for fewer than 64 rows. From 64 on it raises: of a vector numpy's `choose` takes no more
# than 64 arrays, and of [n, 2] indices above 1 are out of bounds. Gather has no such limit.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check \
    onnx==1.23.2 numpy==2.4.6 onnxruntime==1.32.0
cat > "$work/gather.py" <<'PYTHON'
import numpy as np
import onnxruntime
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator


def outcome(rows, columns):
    """Whether the evaluator answers as ONNX Runtime does, or what it raises."""
    shape = (rows, columns) if columns else (rows,)
    values = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    places = np.full((5, columns) if columns else (5,), 2)
    graph = helper.make_graph(
        [helper.make_node("GatherElements", ["x", "places"], ["y"], axis=0)],
        "g",
        [
            helper.make_tensor_value_info("x", TensorProto.FLOAT, values.shape),
            helper.make_tensor_value_info("places", TensorProto.INT64, places.shape),
        ],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    feeds = {"x": values, "places": places}
    (right,) = onnxruntime.InferenceSession(model.SerializeToString()).run(None, feeds)
    try:
        (answer,) = ReferenceEvaluator(model).run(None, feeds)
    except Exception as error:
        print(f"{rows} rows of {columns or 1}: {type(error).__name__}: {error}")
        return type(error).__name__
    print(f"{rows} rows of {columns or 1}: {'as ONNX Runtime' if (answer == right).all() else answer}")
    return bool((answer == right).all())


seen = [outcome(rows, columns) for rows in (63, 64) for columns in (0, 2)]
same = seen == [True, True, "ValueError", "IndexError"]
print("as described" if same else "changed")
raise SystemExit(not same)
PYTHON
"$python" "$work/gather.py"
