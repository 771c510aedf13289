"""A worker's part in judging: it chooses who answers, says who did, and tells what was answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic_core import from_json

from edgetext.core.errors import EdgetextError
from edgetext.predictor import load
from edgetext.serving.deployments import Deployment
from edgetext.serving.exchange import Endpoint, RefusalError, Request, Response, json_response
from edgetext.serving.live.feedback import read_feedback
from edgetext.serving.live.pairs import CANARY as CANARY_KIND
from edgetext.serving.live.pairs import candidate_version, named
from edgetext.serving.live.sampling import CANARY, SHADOW, is_drawn
from edgetext.serving.live.sending import Answered, Sender
from edgetext.serving.live.settings import LiveSettings
from edgetext.serving.live.tally import CANDIDATE, SERVING
from edgetext.serving.served import Served, as_served
from edgetext.serving.settings import Settings
from edgetext.serving.waiting import Text

VERSION = b"x-model-version"
# Seconds that feedback waits for the process that judges, and after which one about an unknown
# answer is asked again: the answer may be on its way from another worker.
PATIENCE, AGAIN = 5.0, 0.25
# Bytes of feedback, so that several go into a message.
MOST = 1 << 14


class Live:
    """What watches the deployments of an application.

    versions: the versions that are judged, by name; another one that takes the name, as of a stage
    that moves, is not. candidates: the models that answer canaries' shares, by name; shadowed:
    names whose answers a shadow sees samples of.
    """

    def __init__(
        self,
        live: LiveSettings,
        deployments: Mapping[str, Deployment],
        versions: Mapping[str, str],
        candidates: Mapping[str, Served],
        shadowed: frozenset[str],
    ) -> None:
        self.live = live
        self._deployments = deployments
        self._versions = versions
        self._candidates = candidates
        self._shadowed = shadowed
        self._open: frozenset[str] = frozenset()
        self._sender = Sender(live.socket, self._opened)
        self._sender.connect()
        for name, deployment in deployments.items():
            deployment.watchers.append(self._watch)
            if name in candidates:
                deployment.versions[candidates[name].version] = candidates[name]
                deployment.candidate, deployment.split = candidates[name], self._split

    def _opened(self, names: Sequence[str]) -> None:
        self._open = frozenset(names)

    def _split(self, request: Request, serving: Served) -> Served:
        """Choose who answers: the candidate its share while the canary goes on, and while the model
        serves with which it is compared."""
        self._sender.attach()
        name, chosen = serving.name, serving
        if (
            name in self._open
            and self._is_judged(name)
            and is_drawn(request.id, CANARY, self.live.percent / 100)
        ):
            chosen = self._candidates[name]
        request.version = chosen.version
        request.answer_headers = ((VERSION, chosen.version.encode()),)
        return chosen

    def _is_judged(self, name: str) -> bool:
        """Tell whether the version that serves a name is the one that is judged."""
        return self._deployments[name].serving.version == self._versions[name]

    def _arm(self, served: Served) -> str:
        """Tell which of the two models one is; "" where it is neither, as after another version
        was put in place."""
        if served is self._candidates.get(served.name):
            return CANDIDATE
        return SERVING if served.version == self._versions[served.name] else ""

    def _watch(
        self, request: Request, served: Served, texts: Sequence[Text], results: Sequence[Any]
    ) -> None:
        arm = self._arm(served)
        if not arm:
            self._sender.attach()
            self._sender.lose(served.name, skipped=len(texts))
            return
        sampled = arm == CANDIDATE or (
            served.name in self._shadowed and is_drawn(request.id, SHADOW, self.live.sample)
        )
        now, size = time.time(), request.size
        self._sender.put(Answered(served, request.id, arm, now, sampled, texts, results, size))

    def noted(self, request: Request, status: int, seconds: float) -> None:
        """Count a request to a name with a canary, of which it matters who answered how fast;
        requests that are refused say nothing of a model."""
        if not request.version or request.model not in self._candidates:
            return
        if not self._is_judged(request.model):
            return
        failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        if failed or status == HTTPStatus.OK:
            served = self._candidates[request.model]
            if request.version == served.version:
                self._sender.time(request.model, CANDIDATE, seconds, failed)
            elif request.version == self._versions[request.model]:
                self._sender.time(request.model, SERVING, seconds, failed)

    def figures(self) -> dict[str, Any] | None:
        """Read what the process that judges says; None where it has said nothing yet."""
        try:
            figures: dict[str, Any] = from_json(self.live.figures.read_bytes())
        except (OSError, ValueError):
            return None
        return figures

    def routes(self, page: Callable[[dict[str, Any]], Response]) -> dict[str, dict[str, Endpoint]]:
        """Give the endpoints by path and method; page: writes figures for people."""

        async def feedback(request: Request) -> Response:
            return await self._feedback(request)

        async def evaluation(request: Request) -> Response:
            return json_response(self._figures_or_refuse())

        async def evaluation_page(request: Request) -> Response:
            return page(self._figures_or_refuse())

        return {
            "/v1/feedback": {"POST": feedback},
            "/v1/evaluation": {"GET": evaluation},
            "/evaluation": {"GET": evaluation_page},
        }

    def _figures_or_refuse(self) -> dict[str, Any]:
        figures = self.figures()
        if figures is None:
            raise _nobody()
        return figures

    async def _feedback(self, request: Request) -> Response:
        if len(request.body) > MOST:
            raise RefusalError(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"feedback has at most {MOST:,} bytes"
            )
        fields = read_feedback(request.body)
        try:
            reply = await self._sender.ask(fields, PATIENCE)
            if reply["status"] == HTTPStatus.NOT_FOUND:
                await asyncio.sleep(AGAIN)
                reply = await self._sender.ask(fields, PATIENCE)
        except TimeoutError as error:
            raise _nobody() from error
        if "error" in reply:
            raise RefusalError(reply["status"], reply["error"])
        return json_response(reply["body"])


def _nobody() -> RefusalError:
    return RefusalError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "the process that judges does not answer; ask again in some seconds",
        (b"retry-after", b"5"),
    )


def watch(settings: Settings, deployments: Mapping[str, Deployment]) -> Live:
    """Load the models of canaries and watch deployments; EdgetextError where one cannot answer in
    the other's place."""
    live = settings.live
    assert live is not None
    chosen = named(live, list(deployments))
    versions = {name: deployment.serving.version for name, deployment in deployments.items()}
    versions |= {fixed.name: fixed.version for fixed in live.published}
    candidates: dict[str, Served] = {}
    for name, (kind, candidate) in chosen.items():
        if kind != CANARY_KIND:
            continue
        predictor = load(candidate.path, threads=settings.threads)
        version = candidate_version(kind, candidate, predictor, versions[name])
        served = as_served(predictor, name, settings, version)
        serving = deployments[name].serving
        if served.outputs != serving.outputs:
            raise EdgetextError(
                f"{candidate.path}: its outputs are {', '.join(served.outputs)} and those of "
                f"{name} {', '.join(serving.outputs)}, which clients of the protocol would see; "
                "give a candidate with the same outputs, or make it a --shadow"
            )
        candidates[name] = served
    return Live(live, deployments, versions, candidates, frozenset(chosen) - frozenset(candidates))
