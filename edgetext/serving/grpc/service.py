"""The methods of inference.GRPCInferenceService: what a call is answered, counted and logged as."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import grpc
from google.protobuf.message import DecodeError
from grpc.aio import ServicerContext

from edgetext.serving.app import CLIENT_GONE, FAILED, Application, error_of
from edgetext.serving.deployments import model_of
from edgetext.serving.exchange import Headers, RefusalError, Request
from edgetext.serving.grpc.open_inference import SCHEMA, SERVICE
from edgetext.serving.grpc.schema import message_classes
from edgetext.serving.grpc.tensor_messages import fill_response, read_message
from edgetext.serving.notes import note
from edgetext.serving.protocol import ABOUT, infer, metadata

Method = Callable[[Any, Request, ServicerContext], Awaitable[Any]]

FULL_NAME = f"{SCHEMA.package}.{SERVICE}"
# What answers without a token, as of HTTP.
OPEN = frozenset({"ServerLive", "ServerReady"})
# Counts and lines have the status that HTTP gives to what a call met.
CODES = {
    HTTPStatus.BAD_REQUEST: grpc.StatusCode.INVALID_ARGUMENT,
    HTTPStatus.UNAUTHORIZED: grpc.StatusCode.UNAUTHENTICATED,
    HTTPStatus.NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    HTTPStatus.TOO_MANY_REQUESTS: grpc.StatusCode.RESOURCE_EXHAUSTED,
    HTTPStatus.INTERNAL_SERVER_ERROR: grpc.StatusCode.INTERNAL,
    HTTPStatus.SERVICE_UNAVAILABLE: grpc.StatusCode.UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT: grpc.StatusCode.DEADLINE_EXCEEDED,
}


class InferenceService:
    """The protocol's methods over the models of an application."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._messages = message_classes(SCHEMA)

    def handler(self) -> grpc.GenericRpcHandler:
        """Give what answers the service's calls."""
        methods: dict[str, Method] = {
            "ServerLive": self._live,
            "ServerReady": self._ready,
            "ModelReady": self._model_ready,
            "ServerMetadata": self._metadata,
            "ModelMetadata": self._model_metadata,
            "ModelInfer": self._infer,
        }
        return grpc.method_handlers_generic_handler(
            FULL_NAME,
            {
                name: grpc.unary_unary_rpc_method_handler(
                    self._answering(name, method),
                    _reader(self._messages[f"{name}Request"].FromString),
                    self._messages[f"{name}Response"].SerializeToString,
                )
                for name, method in methods.items()
            },
        )

    def _answering(
        self, name: str, method: Method
    ) -> Callable[[Any, ServicerContext], Awaitable[Any]]:
        """Give a method with what holds for all: the token, what is counted, and errors."""
        app, path = self._app, f"/{FULL_NAME}/{name}"

        async def answer(message: Any, context: ServicerContext) -> Any:
            request = Request("gRPC", path, _headers(context), time.perf_counter())
            try:
                if name not in OPEN:
                    app.check_token(request)
                if message is None:
                    raise RefusalError(
                        HTTPStatus.BAD_REQUEST, f"the bytes of the call are no {name}Request"
                    )
                response = await method(message, request, context)
            except RefusalError as refusal:
                app.note(request, refusal.status, refusal.sentence)
                _set_trailing(context, (*refusal.headers, *request.about()))
                code = CODES[HTTPStatus(refusal.status)]
                return await context.abort(code, refusal.sentence)
            except asyncio.CancelledError:
                app.note(request, CLIENT_GONE, "the client went away")
                raise
            except Exception as failure:
                note(traceback.format_exc().rstrip())
                app.note(request, HTTPStatus.INTERNAL_SERVER_ERROR, error_of(failure))
                return await context.abort(grpc.StatusCode.INTERNAL, FAILED)
            app.note(request, HTTPStatus.OK)
            _set_trailing(context, request.about())
            return response

        return answer

    async def _live(self, message: Any, request: Request, context: ServicerContext) -> Any:
        return self._messages["ServerLiveResponse"](live=True)

    async def _ready(self, message: Any, request: Request, context: ServicerContext) -> Any:
        return self._messages["ServerReadyResponse"](ready=not self._app.ending)

    async def _model_ready(self, message: Any, request: Request, context: ServicerContext) -> Any:
        model_of(self._app.deployments, message.name, message.version)
        return self._messages["ModelReadyResponse"](ready=not self._app.ending)

    async def _metadata(self, message: Any, request: Request, context: ServicerContext) -> Any:
        return self._messages["ServerMetadataResponse"](**ABOUT)

    async def _model_metadata(
        self, message: Any, request: Request, context: ServicerContext
    ) -> Any:
        deployment, asked = model_of(self._app.deployments, message.name, message.version)
        fields = metadata(asked or deployment.serving, list(deployment.versions))
        # The message has no place for them.
        del fields["parameters"]
        return self._messages["ModelMetadataResponse"](**fields)

    async def _infer(self, message: Any, request: Request, context: ServicerContext) -> Any:
        limits = self._app.limits
        name, version = message.model_name, message.model_version
        deployment, asked = model_of(self._app.deployments, name, version)
        deadline = limits.end(request.arrival)
        if (left := context.time_remaining()) is not None:
            deadline = min(deadline, request.arrival + left)
        model, question, outputs = await infer(
            deployment,
            asked,
            request,
            lambda served: read_message(message, served, limits.texts),
            deadline,
        )
        response = self._messages["ModelInferResponse"]()
        return fill_response(response, question, model, outputs)


def _reader(read: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """Give what reads a message, and gives None where the bytes are none: of what raises there,
    gRPC tells the client the name of a Python class, and nothing is counted."""

    def read_or_none(content: bytes) -> Any:
        try:
            return read(content)
        except DecodeError:
            return None

    return read_or_none


def _headers(context: ServicerContext) -> dict[bytes, bytes]:
    """Give a call's metadata as the headers that it is of HTTP/2."""
    return {
        key.encode(): value if isinstance(value, bytes) else value.encode()
        for key, value in context.invocation_metadata() or ()
    }


def _set_trailing(context: ServicerContext, headers: Headers) -> None:
    """Give headers as a call's trailing metadata."""
    context.set_trailing_metadata(tuple((key.decode(), value.decode()) for key, value in headers))
