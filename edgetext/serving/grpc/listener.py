"""The gRPC server beside that of HTTP, on the same event loop."""

from __future__ import annotations

import os

# Before grpc is imported: what a client does wrong is no line on stderr.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")

import grpc

from edgetext.core.errors import EdgetextError
from edgetext.serving.app import Application
from edgetext.serving.grpc.health import Health
from edgetext.serving.grpc.service import FULL_NAME, InferenceService

# A bit for each algorithm that is taken; the first is none.
NOT_COMPRESSED = 1


class GrpcListener:
    """The methods of an application at an address.

    shared: whether other processes have the same address, of which the kernel then chooses one for
    each connection. port: once it listens, the one that it has.
    """

    def __init__(self, app: Application, host: str, port: int, *, shared: bool) -> None:
        self.port = port
        self._app = app
        self._address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self._shared = shared

    async def start(self) -> None:
        """Listen; EdgetextError where the address cannot be taken."""
        self._server = grpc.aio.server(
            options=[
                ("grpc.so_reuseport", int(self._shared)),
                ("grpc.max_receive_message_length", self._app.limits.body),
                ("grpc.compression_enabled_algorithms_bitset", NOT_COMPRESSED),
            ]
        )
        self._health = Health((FULL_NAME,), lambda: self._app.ending)
        service = InferenceService(self._app)
        self._server.add_generic_rpc_handlers((service.handler(), self._health.handler()))
        try:
            self.port = self._server.add_insecure_port(self._address)
        except RuntimeError as error:
            raise EdgetextError(
                f"{self._address}: the server cannot listen there; give another --grpc-port or "
                "--host"
            ) from error
        await self._server.start()

    async def stop(self, grace: float) -> None:
        """Take no more calls, and end when those that were begun are answered, within so many
        seconds."""
        self._health.ended.set()
        await self._server.stop(grace)
