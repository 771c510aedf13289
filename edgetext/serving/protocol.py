"""The endpoints of the Open Inference Protocol, version 2."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import numpy as np

from edgetext.serving.deployments import Deployment
from edgetext.serving.exchange import Endpoint, RefusalError, Request, Response, json_response
from edgetext.serving.inference import answer, read_question
from edgetext.serving.inputs import Question
from edgetext.serving.served import Served
from edgetext.serving.settings import Limits
from edgetext.serving.tensors import BYTES, described, joined_outputs
from edgetext.version import __version__

Routes = dict[str, dict[str, Endpoint]]
ABOUT = {"name": "edgetext", "version": __version__, "extensions": ["binary_tensor_data"]}


def protocol_routes(
    deployments: Mapping[str, Deployment], limits: Limits, ending: Callable[[], bool]
) -> Routes:
    """Give the endpoints by path and method; ending: tells whether the server is shutting down."""
    routes: Routes = {
        "/v2": {"GET": _constant(ABOUT)},
        "/v2/health/live": {"GET": _constant({"live": True})},
        "/v2/health/ready": {"GET": _ready(ending)},
    }
    for deployment in deployments.values():
        versions = list(deployment.versions)
        for base, model in deployment.addresses().items():
            asked = None if base == deployment.address else model
            routes[base] = {"GET": _constant(metadata(model, versions))}
            routes[f"{base}/ready"] = {"GET": _ready(ending)}
            routes[f"{base}/infer"] = {"POST": _infer(deployment, asked, limits)}
    return routes


def metadata(model: Served, versions: Sequence[str]) -> dict[str, Any]:
    """Say what a model takes and gives, as the protocol's model metadata; versions: all that can
    be asked by its name."""
    labels = model.predictor.metadata.labels
    return {
        "name": model.name,
        "versions": versions,
        "platform": f"edgetext_{model.runtime}",
        "inputs": [{"name": name, "datatype": BYTES, "shape": [-1]} for name in model.inputs],
        "outputs": described(model.outputs, model.example),
        "parameters": {"task": model.predictor.metadata.task, "labels": labels},
    }


async def infer(
    deployment: Deployment,
    asked: Served | None,
    request: Request,
    read: Callable[[Served], Question],
    deadline: float,
) -> tuple[Served, Question, dict[str, np.ndarray]]:
    """Ask a version, or the one that serves where that is None, what `read` makes of the request;
    give which one it was, what was asked, and the tensors by name."""
    model = deployment.choose(request) if asked is None else asked
    request.model = model.name
    question = read(model)
    request.note(model.name, question.texts)
    each = await model.waiting.ask(question.texts, model.tensors, deadline)
    deployment.answered(request, model, question.texts, each)
    return model, question, joined_outputs(model.outputs, each, list(question.outputs))


def _constant(value: Any) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return json_response(value)

    return endpoint


def _ready(ending: Callable[[], bool]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        if ending():
            raise RefusalError(HTTPStatus.SERVICE_UNAVAILABLE, "the server is shutting down")
        return json_response({"ready": True})

    return endpoint


def _infer(deployment: Deployment, asked: Served | None, limits: Limits) -> Endpoint:
    """Give the endpoint that asks a version, or the one that serves."""

    async def endpoint(request: Request) -> Response:
        deadline = limits.end(request.arrival)
        model, question, outputs = await infer(
            deployment,
            asked,
            request,
            lambda served: read_question(request, served, limits.texts),
            deadline,
        )
        return answer(question, model, outputs)

    return endpoint
