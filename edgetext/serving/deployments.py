"""What answers by one name: the version that serves it, and others that stand beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from edgetext.serving.exchange import RefusalError, Request
from edgetext.serving.served import Served
from edgetext.serving.waiting import Text

# Called on the event loop with what a version answered, before the response is sent: it must
# return at once.
Watcher = Callable[[Request, Served, Sequence[Text], Sequence[Any]], None]


@dataclass(slots=True)
class Deployment:
    """One name of a server.

    serving: what answers whoever asks for no version. versions: all that can be asked, by version.
    watchers: who is told what was answered. split: chooses who answers a request that asks for no
    version, where that is not always the version that serves. candidate: what `split` may choose,
    which stays when another version serves.
    """

    serving: Served
    versions: dict[str, Served] = field(default_factory=dict)
    watchers: list[Watcher] = field(default_factory=list)
    split: Callable[[Request, Served], Served] | None = None
    candidate: Served | None = None

    def __post_init__(self) -> None:
        self.versions.setdefault(self.serving.version, self.serving)

    @property
    def name(self) -> str:
        """Give the name in addresses."""
        return self.serving.name

    @property
    def address(self) -> str:
        """Give the path at which the protocol has it."""
        return f"/v2/models/{self.name}"

    def addresses(self) -> dict[str, Served]:
        """Give what is asked at which path: the version that serves, and each by its version."""
        each = {f"{self.address}/versions/{x}": served for x, served in self.versions.items()}
        return {self.address: self.serving, **each}

    def choose(self, request: Request) -> Served:
        """Give the version that answers a request which asks for none."""
        return self.serving if self.split is None else self.split(request, self.serving)

    def replace(self, served: Served) -> Served:
        """Let another version serve from now on and give the one before it, which still answers
        what it was asked."""
        before = self.serving
        self.versions.pop(before.version, None)
        self.serving = self.versions[served.version] = served
        if self.candidate is not None:
            self.versions.setdefault(self.candidate.version, self.candidate)
        return before

    def answered(
        self, request: Request, served: Served, texts: Sequence[Text], results: Sequence[Any]
    ) -> None:
        """Tell the watchers."""
        for watcher in self.watchers:
            watcher(request, served, texts, results)


def model_of(
    deployments: Mapping[str, Deployment], name: str, version: str
) -> tuple[Deployment, Served | None]:
    """Give what has a name and, where one is asked, its version; RefusalError where there is none.

    version: "" where none is asked.
    """
    deployment = deployments.get(name)
    if deployment is None:
        raise RefusalError(
            HTTPStatus.NOT_FOUND,
            f"there is no model of that name; there are {', '.join(deployments)}",
        )
    if not version:
        return deployment, None
    if version not in deployment.versions:
        raise RefusalError(
            HTTPStatus.NOT_FOUND, f"{name} has the versions {', '.join(deployment.versions)} alone"
        )
    return deployment, deployment.versions[version]
