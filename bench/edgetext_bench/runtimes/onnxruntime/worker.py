"""Answer texts in ONNX Runtime, as a host without edgetext does.

    python -P worker.py none|default MODEL < texts.json > answers.jsonl

Needs NumPy and onnxruntime alone. none: without optimizing the graph, as README tells hosts to;
default: as a session is made without options, which optimizes it again.

Texts and answers are those of android_demo/web/answer.mjs: a JSON list of lists of base64, and a
line {"outputs": {NAME: {"dims", "type", "data"}}} or {"error": SENTENCE} for each.
"""

import base64
import json
import sys

import numpy as np
import onnxruntime


def main() -> None:
    level, path = sys.argv[1:]
    questions = [[base64.b64decode(text) for text in texts] for texts in json.load(sys.stdin)]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    if level == "none":
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the bindings raise many kinds
        for _ in questions:
            say(error=f"The model could not be loaded: {error}")
        return
    for texts in questions:
        try:
            say(outputs=answer(session, texts))
        except Exception as error:  # the bindings raise many kinds
            say(error=f"The model could not be run: {error}")


def answer(session, texts):
    """The outputs by name, each as JSON values."""
    given = [np.frombuffer(text, np.uint8)[None] for text in texts]
    names = [entry.name for entry in session.get_inputs()]
    found = session.run(None, dict(zip(names, given, strict=True)))
    outputs = [entry.name for entry in session.get_outputs()]
    return {name: plain(array) for name, array in zip(outputs, found, strict=True)}


def plain(array):
    """An array as JSON values."""
    return {"dims": list(array.shape), "type": array.dtype.name, "data": array.ravel().tolist()}


def say(**values) -> None:
    """Write a line at once: what follows may end the process."""
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
