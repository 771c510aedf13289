"""gRPC servers over tiny models."""

from contextlib import ExitStack

import pytest

pytest.importorskip("grpc", reason="pip install 'edgetext[grpc]'")


@pytest.fixture(scope="module")
def remote(client):
    """A client by gRPC of the server that `client` asks by HTTP."""
    from grpc_client import Client, listening

    with listening(client.application) as port:
        yield Client(port)


@pytest.fixture
def remote_of(serve):
    """remote_of(path, ...) as serve(path, ...) -> a client by gRPC, which has .http, by HTTP."""
    from grpc_client import Client, listening

    with ExitStack() as stack:

        def make(*models, **kwargs):
            http = serve(*models, **kwargs)
            one = Client(stack.enter_context(listening(http.application)))
            one.http = http
            return one

        yield make
