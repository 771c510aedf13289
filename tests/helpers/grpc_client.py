"""A gRPC server in a thread of the tests' process, and a client in plain grpcio."""

import asyncio
import threading
from contextlib import contextmanager

import grpc
import pytest


@contextmanager
def listening(app):
    """Serve an application by gRPC; give its port."""
    from edgetext.serving.grpc.listener import GrpcListener

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    listener = GrpcListener(app, "127.0.0.1", 0, shared=False)
    asyncio.run_coroutine_threadsafe(listener.start(), loop).result(60)
    try:
        yield listener.port
    finally:
        asyncio.run_coroutine_threadsafe(listener.stop(1), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Client:
    """Calls methods with plain grpcio."""

    def __init__(self, port, **kwargs):
        from edgetext.serving.grpc.open_inference import SCHEMA
        from edgetext.serving.grpc.schema import message_classes

        self.messages = message_classes(SCHEMA)
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}", **kwargs)

    def call(self, method, timeout=30, metadata=None, **fields):
        ask = self.channel.unary_unary(
            f"/inference.GRPCInferenceService/{method}",
            self.messages[f"{method}Request"].SerializeToString,
            self.messages[f"{method}Response"].FromString,
        )
        request = self.messages[f"{method}Request"](**fields)
        return ask(request, timeout=timeout, metadata=metadata)

    def refused(self, method, **fields):
        """Give the code and the sentence of a call that is refused."""
        with pytest.raises(grpc.RpcError) as caught:
            self.call(method, **fields)
        return caught.value.code().name, caught.value.details()
