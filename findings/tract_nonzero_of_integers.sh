#!/usr/bin/env bash
# tract: uint8[1, n] -> Cast to int64 -> NonZero, with the input's length given before (1, 5); the same
# with a Cast to bool between; and two NonZero of the same booleans, their sum and the first joined by
# Concat.
# Version: tract 0.23.9, onnx 1.23.2 (to write the graphs).
# Expected: each graph loads and answers, as in ONNX Runtime.
# Seen: what Cast makes int64 is of tract's own type TDim, a dimension, and NonZero refuses it:
# "NonZero expects a plain number or boolean input, got TDim". Booleans it takes. Each NonZero's count
# is a symbol of its own, so that Concat refuses two of the same length: "Inconsistent concat".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check onnx==1.23.2 tract==0.23.9
cat > "$work/counts.py" <<'PYTHON'
import sys

import numpy as np
import onnx
import tract
from onnx import TensorProto, helper

PATH = sys.argv[1]
DATA = np.array([[0, 3, 0, 4, 1]], np.uint8)
integers = helper.make_node("Cast", ["x"], ["integers"], to=TensorProto.INT64)
flags = helper.make_node("Cast", ["integers"], ["flags"], to=TensorProto.BOOL)


def answer(*nodes):
    """What tract answers, or the first line of its refusal that says why."""
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, [1, "n"])],
        [helper.make_empty_tensor_value_info("y")],
    )
    sets = [helper.make_opsetid("", 20)]
    onnx.save(helper.make_model(graph, opset_imports=sets, ir_version=10), PATH)
    try:
        model = tract.onnx().load(PATH)
        model.set_input_fact(0, "1,5,u8")
        model.analyse()
        output = model.into_model().into_runnable().run([DATA])[0].to_numpy()
    except Exception as error:
        telling = ("NonZero expects", "Inconsistent concat")
        lines = str(error).splitlines()
        output = next((line for line in lines if any(x in line for x in telling)), lines[0])
    print(output)
    return output


of_integers = answer(integers, helper.make_node("NonZero", ["integers"], ["y"]))
of_flags = answer(integers, flags, helper.make_node("NonZero", ["flags"], ["y"]))
of_two = answer(
    integers,
    flags,
    helper.make_node("NonZero", ["flags"], ["one"]),
    helper.make_node("NonZero", ["flags"], ["other"]),
    helper.make_node("Add", ["one", "other"], ["sum"]),
    helper.make_node("Concat", ["sum", "one"], ["y"], axis=0),
)
seen = [
    "NonZero expects a plain number or boolean input, got TDim" in str(of_integers),
    np.array_equal(of_flags, np.nonzero(DATA)),
    "Inconsistent concat" in str(of_two),
]
print("as described" if all(seen) else "changed")
raise SystemExit(not all(seen))
PYTHON
"$python" "$work/counts.py" "$work/g.onnx"
