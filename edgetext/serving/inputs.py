"""What `infer` of the Open Inference Protocol asks, whether it came in JSON or by gRPC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from edgetext.serving.served import Served
from edgetext.serving.tensors import BYTES, UINT8, flat, read_elements, refuse
from edgetext.serving.waiting import Text


@dataclass(frozen=True, slots=True)
class Input:
    """A tensor of a request, as it was sent. data: elements, in lists that may be nested; raw: the
    bytes of all elements in their place, None where there are none."""

    name: str
    datatype: Any
    shape: Any
    data: Any = None
    raw: memoryview | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A request that is read. texts: what is asked; outputs: the tensors that are wanted, and
    whether each comes in binary form; id: the client's own word for the request."""

    texts: list[Text]
    outputs: dict[str, bool]
    id: str | None


def read_texts(inputs: Sequence[Input], served: Served, most: int) -> list[Text]:
    """Give the texts that a model is asked; RefusalError where the inputs are not those that it
    takes, or say more texts than `most`."""
    given: dict[str, list[bytes]] = {}
    for tensor in inputs:
        if tensor.name not in served.inputs or tensor.name in given:
            raise refuse(
                f"input {tensor.name}: {served.name} takes {' and '.join(served.inputs)}, each once"
            )
        given[tensor.name] = _elements(tensor)
    if missing := [name for name in served.inputs if name not in given]:
        raise refuse(f"input {missing[0]} is missing; {served.name} takes it")
    counts = {len(texts) for texts in given.values()}
    if len(counts) > 1:
        raise refuse("the inputs have different numbers of texts; give a text_b for each text")
    if max(counts) > most:
        raise refuse(f"the request has {max(counts)} texts, and the server takes {most} at once")
    return list(zip(*(given[name] for name in served.inputs), strict=True))


def wanted_outputs(
    outputs: Sequence[tuple[str, Mapping[str, Any]]] | None, served: Served, binary: bool
) -> dict[str, bool]:
    """Give which outputs are wanted, and which of them in binary form; RefusalError where they are
    not the model's.

    outputs: names and parameters, None for all there are; binary: where these say nothing of it.
    """
    if outputs is None:
        return dict.fromkeys(served.outputs, binary)
    chosen: dict[str, bool] = {}
    for name, parameters in outputs:
        if name not in served.outputs or name in chosen:
            raise refuse(
                f"output {name}: {served.name} gives {', '.join(served.outputs)}, each once"
            )
        if "classification" in parameters:
            raise refuse(f"output {name}: this server has no classification; ask /v1/predict")
        chosen[name] = read_flag(parameters, "binary_data", binary)
    return chosen


def read_flag(parameters: Mapping[str, Any], name: str, default: bool) -> bool:
    """Give a parameter that must be true or false; RefusalError where it is another thing."""
    value = parameters.get(name, default)
    if not isinstance(value, bool):
        raise refuse(f"the parameter {name} must be true or false")
    return value


def check_no_shared_memory(name: str, parameters: Mapping[str, Any]) -> None:
    """RefusalError where a tensor's parameters say that it lies in shared memory."""
    if "shared_memory_region" in parameters:
        raise refuse(f"{name}: this server has no shared memory; send the data")


def _elements(tensor: Input) -> list[bytes]:
    """Give the texts of an input."""
    shape = tensor.shape
    if not isinstance(shape, list) or not all(type(n) is int and n >= 0 for n in shape):
        raise refuse(f'input {tensor.name}: "shape" must be a list of integers of 0 or more')
    if tensor.datatype == BYTES:
        return _texts(tensor)
    if tensor.datatype == UINT8:
        return [_text(tensor)]
    raise refuse(
        f"input {tensor.name}: its datatype is {tensor.datatype}; give BYTES, a text an element, "
        "or UINT8"
    )


def _texts(tensor: Input) -> list[bytes]:
    """Read an input of type BYTES."""
    name, shape = tensor.name, tensor.shape
    if shape[1:] not in ([], [1]) or not shape or shape[0] == 0:
        raise refuse(
            f"input {name}: its shape is {shape}; give [B] or [B, 1] for B texts, 1 or more"
        )
    count = shape[0]
    if tensor.raw is not None:
        return read_elements(tensor.raw, count, name)
    elements = flat(tensor.data)
    if not isinstance(tensor.data, list) or not all(isinstance(x, str | bytes) for x in elements):
        raise refuse(f"input {name}: its data must be a list of strings")
    if len(elements) != count:
        raise refuse(f"input {name}: its shape says {count} texts and its data has {len(elements)}")
    return [x if isinstance(x, bytes) else x.encode("utf-8", "replace") for x in elements]


def _text(tensor: Input) -> bytes:
    """Read an input of type UINT8, the bytes of one text."""
    name, shape, data = tensor.name, tensor.shape, tensor.data
    if len(shape) != 2 or shape[0] != 1 or shape[1] == 0:
        raise refuse(
            f"input {name}: its shape is {shape}; a text in UINT8 is [1, n] with n of 1 or more; "
            "give several texts as BYTES"
        )
    if tensor.raw is not None:
        content = bytes(tensor.raw)
    else:
        elements = flat(data)
        if not isinstance(data, list) or not all(type(x) is int and 0 <= x < 256 for x in elements):
            raise refuse(f"input {name}: its data must be a list of integers from 0 to 255")
        content = bytes(elements)
    if len(content) != shape[1]:
        raise refuse(f"input {name}: its shape says {shape[1]} bytes and it has {len(content)}")
    return content
