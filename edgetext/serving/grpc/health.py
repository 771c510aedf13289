"""grpc.health.v1, which Kubernetes and other minders of servers ask.

The protocol: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import grpc

from edgetext.serving.grpc.schema import Schema, message_classes

SCHEMA = Schema(
    package="grpc.health.v1",
    messages={
        "HealthCheckRequest": ("string service = 1",),
        "HealthCheckResponse": ("ServingStatus status = 1",),
    },
    enums={"ServingStatus": ("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN")},
    services={"Health": ("Check", "Watch")},
    takes_and_gives=("HealthCheckRequest", "HealthCheckResponse"),
)
SERVING, NOT_SERVING, SERVICE_UNKNOWN = 1, 2, 3


class Health:
    """What the server says of itself and of some services.

    is_ending: whether it is shutting down. ended: set once it does, which ends who watches.
    """

    def __init__(self, services: tuple[str, ...], is_ending: Callable[[], bool]) -> None:
        self._services = ("", *services)
        self._is_ending = is_ending
        self._messages = message_classes(SCHEMA)
        self.ended = asyncio.Event()

    def handler(self) -> grpc.GenericRpcHandler:
        """Give what answers the service's calls."""
        read = self._messages["HealthCheckRequest"].FromString
        write = self._messages["HealthCheckResponse"].SerializeToString
        return grpc.method_handlers_generic_handler(
            "grpc.health.v1.Health",
            {
                "Check": grpc.unary_unary_rpc_method_handler(self._check, read, write),
                "Watch": grpc.unary_stream_rpc_method_handler(self._watch, read, write),
            },
        )

    async def _check(self, asked: Any, context: grpc.aio.ServicerContext) -> Any:
        status = self._status(asked.service)
        if status == SERVICE_UNKNOWN:
            services = ", ".join(filter(None, self._services))
            await context.abort(
                grpc.StatusCode.NOT_FOUND, f"there is no service of that name; there is {services}"
            )
        return self._response(status)

    async def _watch(self, asked: Any, context: grpc.aio.ServicerContext) -> AsyncIterator[Any]:
        yield self._response(self._status(asked.service))
        await self.ended.wait()
        yield self._response(self._status(asked.service))

    def _status(self, service: str) -> int:
        if service not in self._services:
            return SERVICE_UNKNOWN
        return NOT_SERVING if self._is_ending() else SERVING

    def _response(self, status: int) -> Any:
        return self._messages["HealthCheckResponse"](status=status)
