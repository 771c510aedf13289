"""The server as an ASGI application."""

from __future__ import annotations

import hmac
import time
import traceback
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from edgetext.core.errors import EdgetextError
from edgetext.serving.deployments import Deployment, model_of
from edgetext.serving.exchange import (
    DisconnectedError,
    Endpoint,
    Message,
    Receive,
    RefusalError,
    Request,
    Response,
    Send,
    json_response,
    read_body,
    refused,
    request_of,
    too_large,
)
from edgetext.serving.heads import Heads
from edgetext.serving.live.page import evaluation_page
from edgetext.serving.live.watching import Live
from edgetext.serving.measures import KIND, Measures
from edgetext.serving.notes import note
from edgetext.serving.openapi import openapi
from edgetext.serving.protocol import Routes, protocol_routes
from edgetext.serving.questions import question_endpoint
from edgetext.serving.request_log import RequestLog
from edgetext.serving.served import Served
from edgetext.serving.settings import Limits
from edgetext.serving.shedding import Shedding, doors
from edgetext.serving.try_page import TRY_PAGE

if TYPE_CHECKING:
    from edgetext.serving.following import Following

# What answers without a token: whether the server lives, and the page on which one is typed.
OPEN = frozenset({"/", "/v2/health/live", "/v2/health/ready"})
HTML = b"text/html; charset=utf-8"
# The page asks this server alone.
PAGE_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
        b"connect-src 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
)
CLIENT_GONE = 499  # as nginx counts a client that did not wait
FAILED = "the server failed to answer; its log says why"


class Application:
    """Models, and what is said of them over HTTP; an ASGI application without a lifespan.

    ending: whether the server is shutting down, so that it is not ready for more. following: what
    looks for other versions, None where there is nothing to look at.
    """

    def __init__(
        self,
        served: Mapping[str, Served],
        limits: Limits | None = None,
        token: str | None = None,
        log: RequestLog | None = None,
    ) -> None:
        self.deployments = {name: Deployment(model) for name, model in served.items()}
        self.log = log
        self.ending = False
        self.following: Following | None = None
        self.limits = limits or Limits()
        self._token = None if token is None else b"Bearer " + token.encode()
        self.measures = Measures(served)
        self.shedding = Shedding(self._note_shed)
        self.heads = Heads()
        self._live: Live | None = None
        self._routes = self._all_routes()

    def judge(self, live: Live) -> None:
        """Let what watches the deployments be seen, and hear of each request."""
        self._live = live
        self.measures.collect_live(live.figures)
        self._routes = self._all_routes()

    def replace(self, served: Served) -> Served:
        """Let another version answer by its name, and give the one before it."""
        before = self.deployments[served.name].replace(served)
        self._routes = self._all_routes()
        return before

    def _all_routes(self) -> Routes:
        """Give the endpoints by path and method, of the versions that there are now."""
        deployments, limits = self.deployments, self.limits
        self.shedding.doors = doors(deployments)
        live = {} if self._live is None else self._live.routes(_evaluation)
        description = openapi(deployments, limits, self._token is not None, bool(live))
        return {
            "/v1/predict": {"POST": question_endpoint(deployments, limits)},
            **protocol_routes(deployments, limits, lambda: self.ending),
            **live,
            "/metrics": {"GET": self._metrics},
            "/openapi.json": {"GET": _fixed(json_response(description))},
            "/": {"GET": _fixed(Response(TRY_PAGE.encode(), kind=HTML, headers=PAGE_HEADERS))},
        }

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"{scope['type']}: only http is served")
        request = request_of(scope)
        response = await self.respond(request, receive)
        if response is not None:
            await response.send(send)
            self.note(request, response.status, response.error)

    async def respond(self, request: Request, receive: Receive | None = None) -> Response | None:
        """Answer a request, which is noted once that is written; None where the client is gone,
        which is noted here.

        receive: gives the body, as ASGI has it; None where the request has it already.
        """
        try:
            response = await self._answer(request, receive)
        except RefusalError as refusal:
            response = refused(refusal)
        except DisconnectedError:
            self.note(request, CLIENT_GONE, "the client went away")
            return None
        except Exception as failure:
            # A failure of the model or of this program: who runs the server reads what it was.
            note(traceback.format_exc().rstrip())
            response = json_response({"error": FAILED}, HTTPStatus.INTERNAL_SERVER_ERROR)
            response.error = error_of(failure)
        if request.model:
            response.headers += request.about()
        return response

    async def _answer(self, request: Request, receive: Receive | None) -> Response:
        if request.path not in OPEN:
            self.check_token(request)
        endpoint = self._endpoint(request)
        if request.method == "POST":
            encoding = request.headers.get(b"content-encoding", b"identity")
            if encoding.lower() != b"identity":
                raise RefusalError(
                    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                    "the request is compressed (Content-Encoding); send it as it is",
                )
            limits = self.limits
            if receive is not None:
                request.body = await read_body(request, receive, limits.body, limits.deadline)
            elif len(request.body) > limits.body:
                raise too_large(limits.body)
        return await endpoint(request)

    def _endpoint(self, request: Request) -> Endpoint:
        methods = self._routes.get(request.path)
        if methods is None:
            raise RefusalError(HTTPStatus.NOT_FOUND, self._no_such(request.path))
        method = "GET" if request.method == "HEAD" else request.method
        if method not in methods:
            allowed = ", ".join([*methods, *(["HEAD"] if "GET" in methods else [])])
            raise RefusalError(
                HTTPStatus.METHOD_NOT_ALLOWED,
                f"{request.path} takes {allowed}",
                (b"allow", allowed.encode()),
            )
        return methods[method]

    def _no_such(self, path: str) -> str:
        """Say what is not there."""
        parts = path.split("/")
        if parts[:3] == ["", "v2", "models"] and len(parts) > 3:
            version = "".join(parts[5:6]) if parts[4:5] == ["versions"] else ""
            try:
                model_of(self.deployments, parts[3], version)
            except RefusalError as refusal:
                return refusal.sentence
        return "there is nothing at this address; /openapi.json lists what there is"

    def check_token(self, request: Request) -> None:
        """RefusalError where a client must show a token and does not."""
        if self._token is None:
            return
        shown = request.headers.get(b"authorization", b"")
        if not hmac.compare_digest(shown, self._token):
            raise RefusalError(
                HTTPStatus.UNAUTHORIZED,
                "the header Authorization: Bearer TOKEN is missing or has another token",
                (b"www-authenticate", b"Bearer"),
            )

    async def _metrics(self, request: Request) -> Response:
        self.shedding.flush()
        waiting = {
            name: sum(len(served.waiting) for served in model.versions.values())
            for name, model in self.deployments.items()
        }
        return Response(self.measures.page(waiting), kind=KIND)

    def note(self, request: Request, status: int, error: str = "") -> None:
        """Count a request that was answered now, and write its line."""
        seconds = time.perf_counter() - request.arrival
        self.measures.count(request, status, seconds)
        if self._live is not None:
            self._live.noted(request, status, seconds)
        if self.log is not None:
            self.log.write(request, int(status), seconds, error)

    def _note_shed(self, model: str, count: int) -> None:
        """Count requests that were refused before they were read, and write a line for them."""
        self.measures.count_shed(model, count)
        if self.log is not None:
            self.log.write_shed(model, count)


def error_of(failure: Exception) -> str:
    """Say in a word or a sentence what failed."""
    return str(failure) if isinstance(failure, EdgetextError) else type(failure).__name__


def _evaluation(figures: Mapping[str, Any]) -> Response:
    return Response(evaluation_page(figures).encode(), kind=HTML, headers=PAGE_HEADERS)


def _fixed(response: Response) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return response

    return endpoint
