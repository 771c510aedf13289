"""Answer texts in ExecuTorch's Python runtime, as a host without edgetext does.

    python -P worker.py MODEL < texts.json > answers.jsonl

Needs ExecuTorch and PyTorch alone. Texts and answers are those of ../onnxruntime/worker.py.
"""

import base64
import json
import os
import sys
import types

# What the runtime writes of the processor would be read as an answer.
ANSWERS = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)


def main() -> None:
    questions = [[base64.b64decode(text) for text in texts] for texts in json.load(sys.stdin)]
    try:
        methods, names = load(sys.argv[1])
    except Exception as error:  # the bindings raise many kinds
        for _ in questions:
            say(error=f"The model could not be loaded: {error}")
        return
    for texts in questions:
        try:
            say(outputs=answer(methods, names, texts))
        except Exception as error:  # the bindings raise many kinds
            say(error=f"The model could not be run: {error}")


def load(path):
    """The methods `tokenize` and `forward`, and the names of the outputs, `truncated` last."""
    import executorch

    # ExecuTorch's packages have no __init__, so another release that is installed, too, would
    # lend its modules to the one that comes first on the path.
    executorch.__path__ = list(executorch.__path__)[:1]
    # Of the exporter the runtime wants one warning, and its __init__ brings in all the rest.
    empty = types.ModuleType("executorch.exir")
    empty.__path__ = [os.path.join(executorch.__path__[0], "exir")]
    sys.modules["executorch.exir"] = empty
    from executorch.runtime import Runtime, Verification

    with open(path, "rb") as file:
        program = Runtime.get().load_program(
            file.read(), verification=Verification.InternalConsistency
        )
    (about,) = program.load_method("edgetext").execute([])
    names = json.loads(bytes(about.numpy()))["outputs"]
    return (program, program.load_method("tokenize"), program.load_method("forward")), names


def answer(methods, names, texts):
    """The outputs by name, each as JSON values."""
    import torch

    _, tokenize, forward = methods
    given = [torch.frombuffer(bytearray(text), dtype=torch.uint8)[None] for text in texts]
    *pieces, truncated = tokenize.execute(given)
    # `forward` works in the memory that `truncated` may stand in.
    cut = truncated.clone()
    outputs = forward.execute(pieces[: forward.metadata.num_inputs()])
    return {name: plain(x.numpy()) for name, x in zip(names, [*outputs, cut], strict=True)}


def plain(array):
    """An array as JSON values."""
    return {"dims": list(array.shape), "type": array.dtype.name, "data": array.ravel().tolist()}


def say(**values) -> None:
    """Write a line at once: what follows may end the process."""
    ANSWERS.write(json.dumps(values) + "\n")
    ANSWERS.flush()


if __name__ == "__main__":
    main()
