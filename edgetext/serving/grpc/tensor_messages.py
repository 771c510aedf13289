"""A request of ModelInfer as a question, and tensors as its response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from edgetext.serving.grpc.open_inference import CONTENTS
from edgetext.serving.inputs import (
    Input,
    Question,
    check_no_shared_memory,
    read_flag,
    read_texts,
    wanted_outputs,
)
from edgetext.serving.served import Served
from edgetext.serving.tensors import TYPES, refuse


def read_message(message: Any, served: Served, most: int) -> Question:
    """Read a ModelInferRequest; RefusalError where it is not as the protocol says, or has more
    texts than `most`.

    Whoever sends raw contents gets them, as of KServe and Triton, unless the parameter
    `binary_data_output` says otherwise.
    """
    raws = message.raw_input_contents
    if raws and len(raws) != len(message.inputs):
        raise refuse(
            f"raw_input_contents has {len(raws)} tensors and inputs {len(message.inputs)}; give "
            "one for each input, or none"
        )
    if not message.inputs:
        raise refuse("the request has no inputs")
    inputs = [
        _input(tensor, raws[number] if raws else None)
        for number, tensor in enumerate(message.inputs)
    ]
    texts = read_texts(inputs, served, most)
    binary = read_flag(_parameters(message), "binary_data_output", bool(raws))
    outputs = [(one.name, _parameters(one)) for one in message.outputs] or None
    return Question(texts, wanted_outputs(outputs, served, binary), message.id or None)


def fill_response(
    response: Any, question: Question, served: Served, outputs: Mapping[str, np.ndarray]
) -> Any:
    """Write tensors into a ModelInferResponse and give it: all raw where one is to be, because a
    response has one form."""
    response.model_name, response.model_version = served.name, served.version
    response.id = question.id or ""
    raw = any(question.outputs.values())
    for name, array in outputs.items():
        kind = TYPES[array.dtype.name]
        tensor = response.outputs.add(name=name, datatype=kind, shape=array.shape)
        if raw:
            response.raw_output_contents.append(np.ascontiguousarray(array).tobytes())
        else:
            getattr(tensor.contents, CONTENTS[kind]).extend(array.reshape(-1).tolist())
    return response


def _input(tensor: Any, raw: bytes | None) -> Input:
    """Give an input as it was sent."""
    check_no_shared_memory(tensor.name, tensor.parameters)
    contents = [] if not tensor.HasField("contents") else tensor.contents.ListFields()
    if raw is not None and contents:
        raise refuse(f"input {tensor.name}: give contents or raw_input_contents, not both")
    field = CONTENTS.get(tensor.datatype)
    other = [described.name for described, _ in contents if described.name != field]
    if field and other:
        raise refuse(
            f"input {tensor.name}: its datatype is {tensor.datatype}, whose elements go into "
            f"{field}, and the request has {other[0]}"
        )
    data = list(contents[0][1]) if contents else []
    view = None if raw is None else memoryview(raw)
    return Input(tensor.name, tensor.datatype, list(tensor.shape), data, view)


def _parameters(message: Any) -> dict[str, Any]:
    """Give the parameters of a message by name."""
    return {
        name: getattr(value, value.WhichOneof("parameter_choice") or "", None)
        for name, value in message.parameters.items()
    }
