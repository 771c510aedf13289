"""Servers over tiny models, without a network."""

import pytest

pytest.importorskip("prometheus_client")
pytest.importorskip("httpx2")
testclient = pytest.importorskip("starlette.testclient")


@pytest.fixture(scope="session")
def serve():
    """serve(path or "path=name", ..., limits, token, log) -> a client of an application."""
    from edgetext.serving.app import Application
    from edgetext.serving.served import load_served
    from edgetext.serving.settings import Limits, Settings, model_and_name

    def make(*models, limits=None, token=None, log=None):
        limits = limits or Limits()
        settings = Settings(tuple(model_and_name(str(x)) for x in models), limits=limits)
        app = Application(load_served(settings), limits, token, log)
        client = testclient.TestClient(app, raise_server_exceptions=False)
        client.application = app
        client.served = {name: each.serving for name, each in app.deployments.items()}
        return client

    return make


@pytest.fixture(scope="session")
def client(serve, hashed_files, classify_files, tag_files, parse_files, batch_files):
    """A client of a server with models of several tasks, and a batch file."""
    return serve(
        f"{hashed_files.onnx}=joint",
        f"{classify_files.onnx}=classify",
        f"{tag_files.onnx}=tag",
        f"{parse_files.onnx}=parse",
        f"{batch_files.int8}=batch",
    )


@pytest.fixture
def infer(client):
    """infer(fields, model) -> the response of the protocol's endpoint."""

    def ask(fields, model="joint", **kwargs):
        return client.post(f"/v2/models/{model}/infer", json=fields, **kwargs)

    return ask


@pytest.fixture
def predict(client):
    """predict(**fields) -> the response of /v1/predict."""
    return lambda **fields: client.post("/v1/predict", json=fields)
