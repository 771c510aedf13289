"""The standard health service."""

import threading

import pytest

grpc = pytest.importorskip("grpc", reason="pip install 'edgetext[grpc]'")
from edgetext.serving.grpc.health import NOT_SERVING, SCHEMA, SERVICE_UNKNOWN, SERVING  # noqa: E402
from edgetext.serving.grpc.schema import message_classes  # noqa: E402

SERVICES = ["", "inference.GRPCInferenceService"]


def method(remote, name, kind="unary_unary"):
    messages = message_classes(SCHEMA)
    ask = getattr(remote.channel, kind)(
        f"/grpc.health.v1.Health/{name}",
        messages["HealthCheckRequest"].SerializeToString,
        messages["HealthCheckResponse"].FromString,
    )
    return lambda service: ask(messages["HealthCheckRequest"](service=service), timeout=30)


@pytest.mark.parametrize("service", SERVICES)
def test_a_server_serves_until_it_ends(remote_of, classify_files, service):
    remote = remote_of(classify_files.onnx, token="secret")
    check = method(remote, "Check")
    assert check(service).status == SERVING
    remote.http.application.ending = True
    assert check(service).status == NOT_SERVING


def test_another_service_is_not_there(remote):
    with pytest.raises(grpc.RpcError) as caught:
        method(remote, "Check")("rain")
    assert caught.value.code() == grpc.StatusCode.NOT_FOUND
    assert "inference.GRPCInferenceService" in caught.value.details()
    assert next(method(remote, "Watch", "unary_stream")("rain")).status == SERVICE_UNKNOWN


def test_who_watches_is_told_of_the_end_and_does_not_delay_it(serve, classify_files):
    from grpc_client import Client, listening

    app = serve(classify_files.onnx).application
    statuses, begun = [], threading.Event()

    def watch(port):
        for response in method(Client(port), "Watch", "unary_stream")(""):
            statuses.append(response.status)
            begun.set()

    with listening(app) as port:
        thread = threading.Thread(target=watch, args=(port,))
        thread.start()
        assert begun.wait(30)
        app.ending = True
    thread.join(30)
    assert statuses == [SERVING, NOT_SERVING]
