"""What `infer` of the Open Inference Protocol is sent and sends back, in JSON and in binary form.

The protocol: https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol,
and its extension for binary tensor data: tensors stand behind the JSON, in its order, and the
header Inference-Header-Content-Length says where it ends.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from edgetext.serving.exchange import BINARY, JSON, Request, Response, json_response
from edgetext.serving.served import Served
from edgetext.serving.tensors import BYTES, TYPES, UINT8, flat, read_elements, refuse
from edgetext.serving.waiting import Text

HEADER = b"inference-header-content-length"


@dataclass(frozen=True, slots=True)
class Question:
    """A request that is read. texts: what is asked; outputs: the tensors that are wanted, and
    whether each comes in binary form; id: the client's own word for the request."""

    texts: list[Text]
    outputs: dict[str, bool]
    id: str | None


def read_question(request: Request, served: Served, most: int) -> Question:
    """Read a request about a model; RefusalError where it is not as the protocol says, or has more
    texts than `most`."""
    fields, rest = _parts(request)
    inputs = _tensors(fields.get("inputs"), "inputs")
    given: dict[str, list[bytes]] = {}
    at = 0
    for tensor in inputs:
        name = tensor["name"]
        if name not in served.inputs or name in given:
            raise refuse(
                f"input {name}: {served.name} takes {' and '.join(served.inputs)}, each once"
            )
        size = _binary_size(tensor)
        given[name] = _elements(tensor, None if size is None else rest[at : at + size], size)
        at += size or 0
    if at != len(rest):
        raise refuse(
            f"{len(rest)} bytes stand after the JSON and the inputs' binary_data_size are {at} in "
            "all; they must be the same"
        )
    if missing := [name for name in served.inputs if name not in given]:
        raise refuse(f"input {missing[0]} is missing; {served.name} takes it")
    counts = {len(texts) for texts in given.values()}
    if len(counts) > 1:
        raise refuse("the inputs have different numbers of texts; give a text_b for each text")
    if max(counts) > most:
        raise refuse(f"the request has {max(counts)} texts, and the server takes {most} at once")
    texts = list(zip(*(given[name] for name in served.inputs), strict=True))
    return Question(texts, _wanted(fields, served), _id(fields))


def answer(question: Question, served: Served, outputs: Mapping[str, np.ndarray]) -> Response:
    """Write the response with these tensors."""
    rows: list[dict[str, Any]] = []
    binary: list[bytes] = []
    for name, array in outputs.items():
        row: dict[str, Any] = {
            "name": name,
            "datatype": TYPES[array.dtype.name],
            "shape": list(array.shape),
        }
        if question.outputs[name]:
            binary.append(np.ascontiguousarray(array).tobytes())
            row["parameters"] = {"binary_data_size": len(binary[-1])}
        else:
            row["data"] = array.reshape(-1).tolist()
        rows.append(row)
    fields: dict[str, Any] = {"model_name": served.name, "model_version": served.version}
    if question.id is not None:
        fields["id"] = question.id
    response = json_response({**fields, "outputs": rows})
    if not binary:
        return response
    length = str(len(response.body)).encode()
    body = b"".join([response.body, *binary])
    return Response(body, kind=BINARY, headers=((HEADER, length),))


def _parts(request: Request) -> tuple[dict[str, Any], memoryview]:
    """Give the JSON of a request, and the bytes after it."""
    body = request.body
    end = len(body)
    if (header := request.headers.get(HEADER)) is not None:
        if not (header.isdigit() and len(header) < 16 and int(header) <= end):
            raise refuse(
                "the header Inference-Header-Content-Length must be the number of bytes of the "
                f"JSON at the beginning of the body, which has {end}"
            )
        end = int(header)
    try:
        fields = json.loads(body[:end])
    except (ValueError, RecursionError) as error:
        kind = request.headers.get(b"content-type", JSON)
        hint = (
            "; binary tensors need the header Inference-Header-Content-Length"
            if header is None and kind.startswith(BINARY)
            else ""
        )
        raise refuse(f"the request is not JSON in UTF-8{hint}") from error
    if not isinstance(fields, dict):
        raise refuse('the request is no object; send {"inputs": [...]}')
    return fields, memoryview(body)[end:]


def _tensors(value: Any, what: str) -> list[dict[str, Any]]:
    """Check that a field is a list of objects, each with a name and, maybe, parameters."""
    if not isinstance(value, list) or not value:
        raise refuse(f'"{what}" must be a list of tensors, each an object with a name')
    for tensor in value:
        if not isinstance(tensor, dict) or not isinstance(tensor.get("name"), str):
            raise refuse(f'"{what}" must be a list of tensors, each an object with a name')
        if not isinstance(tensor.get("parameters", {}), dict):
            raise refuse(f'the "parameters" of {tensor["name"]} must be an object')
        if "shared_memory_region" in tensor.get("parameters", {}):
            raise refuse(f"{tensor['name']}: this server has no shared memory; send the data")
    return value


def _binary_size(tensor: Mapping[str, Any]) -> int | None:
    """Give how many bytes a tensor has after the JSON; None where its data is in the JSON."""
    size = tensor.get("parameters", {}).get("binary_data_size")
    if size is None:
        return None
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise refuse(f"input {tensor['name']}: binary_data_size must be a number of bytes")
    if "data" in tensor:
        raise refuse(f"input {tensor['name']}: give data or binary_data_size, not both")
    return size


def _elements(
    tensor: Mapping[str, Any], binary: memoryview | None, size: int | None
) -> list[bytes]:
    """Give the texts of an input."""
    name, kind, shape = tensor["name"], tensor.get("datatype"), tensor.get("shape")
    if binary is not None and len(binary) != size:
        raise refuse(
            f"input {name}: of its binary_data_size of {size} bytes {len(binary)} are there"
        )
    if not isinstance(shape, list) or not all(type(n) is int and n >= 0 for n in shape):
        raise refuse(f'input {name}: "shape" must be a list of integers of 0 or more')
    if kind == BYTES:
        return _texts(name, shape, tensor.get("data"), binary)
    if kind == UINT8:
        return [_text(name, shape, tensor.get("data"), binary)]
    raise refuse(f"input {name}: its datatype is {kind}; give BYTES, a text an element, or UINT8")


def _texts(name: str, shape: Sequence[int], data: Any, binary: memoryview | None) -> list[bytes]:
    """Read an input of type BYTES."""
    if shape[1:] not in ([], [1]) or not shape or shape[0] == 0:
        raise refuse(
            f"input {name}: its shape is {shape}; give [B] or [B, 1] for B texts, 1 or more"
        )
    count = shape[0]
    if binary is not None:
        return read_elements(binary, count, name)
    elements = flat(data)
    if not isinstance(data, list) or not all(isinstance(x, str) for x in elements):
        raise refuse(f"input {name}: its data must be a list of strings")
    if len(elements) != count:
        raise refuse(f"input {name}: its shape says {count} texts and its data has {len(elements)}")
    return [element.encode("utf-8", "replace") for element in elements]


def _text(name: str, shape: Sequence[int], data: Any, binary: memoryview | None) -> bytes:
    """Read an input of type UINT8, the bytes of one text."""
    if len(shape) != 2 or shape[0] != 1 or shape[1] == 0:
        raise refuse(
            f"input {name}: its shape is {shape}; a text in UINT8 is [1, n] with n of 1 or more; "
            "give several texts as BYTES"
        )
    if binary is not None:
        content = bytes(binary)
    else:
        elements = flat(data)
        if not isinstance(data, list) or not all(type(x) is int and 0 <= x < 256 for x in elements):
            raise refuse(f"input {name}: its data must be a list of integers from 0 to 255")
        content = bytes(elements)
    if len(content) != shape[1]:
        raise refuse(f"input {name}: its shape says {shape[1]} bytes and it has {len(content)}")
    return content


def _wanted(fields: Mapping[str, Any], served: Served) -> dict[str, bool]:
    """Give which outputs are wanted and which of them in binary form."""
    parameters = fields.get("parameters", {})
    if not isinstance(parameters, dict):
        raise refuse('"parameters" must be an object')
    binary = _flag(parameters, "binary_data_output", False)
    if fields.get("outputs") is None:
        return dict.fromkeys(served.outputs, binary)
    chosen: dict[str, bool] = {}
    for tensor in _tensors(fields["outputs"], "outputs"):
        name, parameters_of_output = tensor["name"], tensor.get("parameters", {})
        if name not in served.outputs or name in chosen:
            raise refuse(
                f"output {name}: {served.name} gives {', '.join(served.outputs)}, each once"
            )
        if "classification" in parameters_of_output:
            raise refuse(f"output {name}: this server has no classification; ask /v1/predict")
        chosen[name] = _flag(parameters_of_output, "binary_data", binary)
    return chosen


def _flag(parameters: Mapping[str, Any], name: str, default: bool) -> bool:
    value = parameters.get(name, default)
    if not isinstance(value, bool):
        raise refuse(f"the parameter {name} must be true or false")
    return value


def _id(fields: Mapping[str, Any]) -> str | None:
    value = fields.get("id")
    if value is not None and not isinstance(value, str):
        raise refuse('"id" must be a string')
    return value
