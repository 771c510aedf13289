"""What the server says of itself at `/openapi.json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from edgetext.serving.deployments import Deployment
from edgetext.serving.live.openapi import EVALUATION, FEEDBACK, JUDGED
from edgetext.serving.served import Served
from edgetext.serving.settings import Limits
from edgetext.serving.tensors import BYTES, UINT8
from edgetext.version import __version__

ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string", "description": "What is wrong, in a sentence."}},
}
WHY = {
    "400": "The request is not as it must be.",
    "401": "The token is missing or another.",
    "413": "The body is too large.",
    "415": "The request is of another media type, or compressed.",
    "422": "The fields do not say what is asked.",
    "404": "There is no model of that name.",
    "429": "Too many requests wait.",
    "500": "The server failed.",
    "503": "The server is shutting down.",
    "504": "The deadline has passed.",
}
TENSOR: dict[str, Any] = {
    "type": "object",
    "required": ["name", "shape", "datatype"],
    "properties": {
        "name": {"type": "string"},
        "shape": {"type": "array", "items": {"type": "integer", "minimum": 0}},
        "datatype": {"type": "string"},
        "parameters": {"type": "object"},
        "data": {"type": "array", "items": {}},
    },
}


def openapi(
    deployments: Mapping[str, Deployment], limits: Limits, token: bool, live: bool = False
) -> dict[str, Any]:
    """Describe all paths; token: whether a client must show one; live: whether models are judged on
    what they are asked."""
    schema = question_schema(deployments, limits)
    paths: dict[str, Any] = {
        "/v1/predict": {"post": _predict()},
        "/v2": {"get": _get("What the server is")},
        "/v2/health/live": {"get": _get("Whether the server runs", open_to_all=True)},
        "/v2/health/ready": {"get": _get("Whether it answers", "503", open_to_all=True)},
    }
    for deployment in deployments.values():
        for base, model in deployment.addresses().items():
            paths[base] = {"get": _get("What a model takes and gives")}
            paths[f"{base}/ready"] = {"get": _get("Whether a model answers", "503")}
            of_name = base == deployment.address and deployment.split is not None
            versions = list(deployment.versions) if of_name else [model.version]
            paths[f"{base}/infer"] = {"post": _infer(model, versions)}
    if live:
        paths |= _live_paths()
    paths["/metrics"] = {"get": _get("Counts for Prometheus", kind="text/plain")}
    paths["/openapi.json"] = {"get": _get("This description")}
    paths["/"] = {"get": _get("A page to ask by hand", kind="text/html", open_to_all=True)}
    components: dict[str, Any] = {"schemas": {"Question": schema, "Error": ERROR, "Tensor": TENSOR}}
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "edgetext", "version": __version__},
        "paths": paths,
        "components": components,
    }
    if token:
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"token": []}]
        _add_unauthorized(paths)
    return document


def question_schema(deployments: Mapping[str, Deployment], limits: Limits) -> dict[str, Any]:
    """Describe what `/v1/predict` takes: one text or several, each as many as a model reads."""
    by_reads: dict[int, list[str]] = {}
    for name, model in deployments.items():
        by_reads.setdefault(len(model.serving.inputs), []).append(name)
    forms = []
    for reads, names in by_reads.items():
        shared = {
            "model": {"enum": names},
            "top": {"type": "integer", "minimum": 1, "default": 1},
        }
        named = ["model"] if len(deployments) > 1 else []
        for fields in _asked(reads, limits.texts):
            forms.append(
                {
                    "type": "object",
                    "properties": {**fields, **shared},
                    "required": [*fields, *named],
                    "additionalProperties": False,
                }
            )
    return {"oneOf": forms}


def _asked(reads: int, most: int) -> list[dict[str, Any]]:
    """Describe the fields of one text and of several, of which a model reads so many at once."""
    text: dict[str, Any] = {"type": "string"}
    pair = {"type": "array", "items": text, "minItems": reads, "maxItems": reads}
    each = {"anyOf": [text, pair]} if reads == 1 else pair
    texts = {"type": "array", "items": each, "minItems": 1, "maxItems": most}
    return [{"text": text, **({"text_b": text} if reads > 1 else {})}, {"texts": texts}]


def infer_schema(model: Served) -> dict[str, Any]:
    """Describe what `infer` takes in JSON. What it cannot say: that a shape has as many texts as
    the data, and is that of the other input, and that no output is asked for twice."""
    inputs = {
        "type": "array",
        "minItems": len(model.inputs),
        "maxItems": len(model.inputs),
        "items": {"anyOf": [_texts(model), _bytes_of_a_text(model)]},
        "allOf": [{"contains": {"properties": {"name": {"const": name}}}} for name in model.inputs],
    }
    one = {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"enum": list(model.outputs)},
            "parameters": _parameters("classification", binary_data={"type": "boolean"}),
        },
    }
    return {
        "type": "object",
        "required": ["inputs"],
        "properties": {
            "id": {"type": ["string", "null"]},
            "parameters": _parameters(binary_data_output={"type": "boolean"}),
            "inputs": inputs,
            "outputs": {
                "anyOf": [{"type": "array", "minItems": 1, "items": one}, {"type": "null"}]
            },
        },
    }


def _texts(model: Served) -> dict[str, Any]:
    """Describe an input of type BYTES, [B] or [B, 1]."""
    shape = [{"type": "integer", "minimum": 1}, {"type": "integer", "const": 1}]
    text = {"type": "string"}
    column = {"type": "array", "items": text, "minItems": 1, "maxItems": 1}
    return _input(model, BYTES, {"prefixItems": shape, "minItems": 1}, [text, column])


def _bytes_of_a_text(model: Served) -> dict[str, Any]:
    """Describe an input of type UINT8, [1, n]."""
    shape = [{"type": "integer", "const": 1}, {"type": "integer", "minimum": 1}]
    byte = {"type": "integer", "minimum": 0, "maximum": 255}
    row = {"type": "array", "items": byte, "minItems": 1}
    return _input(model, UINT8, {"prefixItems": shape, "minItems": 2}, [byte, row])


def _input(
    model: Served, datatype: str, shape: Mapping[str, Any], elements: list[dict[str, Any]]
) -> dict[str, Any]:
    data = [{"type": "array", "items": element, "minItems": 1} for element in elements]
    return {
        "type": "object",
        "required": ["name", "datatype", "shape", "data"],
        "properties": {
            "name": {"enum": list(model.inputs)},
            "datatype": {"const": datatype},
            "shape": {"type": "array", "maxItems": 2, **shape},
            "data": {"anyOf": data},
            "parameters": _parameters("binary_data_size", "shared_memory_region"),
        },
    }


def _parameters(*refused: str, **taken: Any) -> dict[str, Any]:
    """Describe parameters, of which all others are passed over."""
    return {"type": "object", "properties": {**taken, **dict.fromkeys(refused, False)}}


def _get(
    summary: str, *errors: str, kind: str = "application/json", open_to_all: bool = False
) -> dict[str, Any]:
    content: dict[str, Any] = {kind: {"schema": {"type": "object"}}}
    if kind.startswith("text"):
        content = {kind: {"schema": {"type": "string"}}}
    operation: dict[str, Any] = {
        "summary": summary,
        "responses": {"200": {"description": summary, "content": content}, **_errors(*errors)},
    }
    if open_to_all:
        operation["security"] = []
    return operation


def _predict() -> dict[str, Any]:
    answer = {
        "type": "object",
        "required": ["model"],
        "properties": {
            "model": {"type": "string"},
            "text": {"type": "string"},
            "truncated": {"type": "boolean"},
            "answers": {"type": "array", "items": {"type": "object"}},
        },
    }
    return {
        "summary": "Answer texts",
        "requestBody": _body({"$ref": "#/components/schemas/Question"}),
        "responses": {
            "200": _content("The answer, or one for each of `texts`", answer),
            **_errors("400", "404", "413", "415", "422", "429", "500", "504"),
        },
    }


def _live_paths() -> dict[str, Any]:
    feedback = {
        "summary": "Say what the right answer would have been",
        "requestBody": _body(FEEDBACK),
        "responses": {
            "200": _content("Which models were right, null where that is not known", JUDGED),
            **_errors("400", "404", "413", "415", "422", "503"),
        },
    }
    evaluation = _get("How two models answer what is asked", "503")
    evaluation["responses"]["200"] = _content(evaluation["summary"], EVALUATION)
    return {
        "/v1/feedback": {"post": feedback},
        "/v1/evaluation": {"get": evaluation},
        "/evaluation": {"get": _get("The same for people", "503", kind="text/html")},
    }


def _infer(model: Served, versions: Sequence[str]) -> dict[str, Any]:
    """Describe `infer`, which one of these versions answers."""
    tensors = {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Tensor"}}
    answer = {
        "type": "object",
        "required": ["model_name", "model_version", "outputs"],
        "properties": {
            "model_name": {"const": model.name},
            "model_version": {"enum": list(versions)},
            "id": {"type": "string"},
            "outputs": tensors,
        },
    }
    success = _content("The tensors", answer)
    success["content"]["application/octet-stream"] = {}
    return {
        "summary": f"The tensors of {model.name}",
        "requestBody": _body(infer_schema(model)),
        "responses": {
            "200": success,
            **_errors("400", "413", "415", "429", "500", "504"),
        },
    }


def _body(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _content(description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _errors(*statuses: str) -> dict[str, Any]:
    return {
        status: _content(WHY[status], {"$ref": "#/components/schemas/Error"}) for status in statuses
    }


def _add_unauthorized(paths: Mapping[str, Any]) -> None:
    for methods in paths.values():
        for operation in methods.values():
            if operation.get("security") != []:
                operation["responses"] |= _errors("401")
