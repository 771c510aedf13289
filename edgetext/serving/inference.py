"""What `infer` of the Open Inference Protocol is sent and sends back, in JSON and in binary form.

The protocol: https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol,
and its extension for binary tensor data: tensors stand behind the JSON, in its order, and the
header Inference-Header-Content-Length says where it ends.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from edgetext.serving.exchange import BINARY, JSON, Request, Response, json_response
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

HEADER = b"inference-header-content-length"


def read_question(request: Request, served: Served, most: int) -> Question:
    """Read a request about a model; RefusalError where it is not as the protocol says, or has more
    texts than `most`."""
    fields, rest = _parts(request)
    inputs = []
    at = 0
    for tensor in _tensors(fields.get("inputs"), "inputs"):
        size = _binary_size(tensor)
        raw = None if size is None else rest[at : at + size]
        if raw is not None and len(raw) != size:
            raise refuse(
                f"input {tensor['name']}: of its binary_data_size of {size} bytes {len(raw)} are "
                "there"
            )
        kind, shape = tensor.get("datatype"), tensor.get("shape")
        inputs.append(Input(tensor["name"], kind, shape, tensor.get("data"), raw))
        at += size or 0
    texts = read_texts(inputs, served, most)
    if at != len(rest):
        raise refuse(
            f"{len(rest)} bytes stand after the JSON and the inputs' binary_data_size are {at} in "
            "all; they must be the same"
        )
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
        check_no_shared_memory(tensor["name"], tensor.get("parameters", {}))
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


def _wanted(fields: Mapping[str, Any], served: Served) -> dict[str, bool]:
    """Give which outputs are wanted and which of them in binary form."""
    parameters = fields.get("parameters", {})
    if not isinstance(parameters, dict):
        raise refuse('"parameters" must be an object')
    binary = read_flag(parameters, "binary_data_output", False)
    outputs = None
    if fields.get("outputs") is not None:
        tensors = _tensors(fields["outputs"], "outputs")
        outputs = [(tensor["name"], tensor.get("parameters", {})) for tensor in tensors]
    return wanted_outputs(outputs, served, binary)


def _id(fields: Mapping[str, Any]) -> str | None:
    value = fields.get("id")
    if value is not None and not isinstance(value, str):
        raise refuse('"id" must be a string')
    return value
