"""A client of the Open Inference Protocol by gRPC that others wrote: tritonclient."""

import numpy as np
import pytest
from server_process import free_port, server

client_of = pytest.importorskip("tritonclient.grpc", reason="pip install 'tritonclient[grpc]'")
TEXTS = [b"fly to Z\xc3\xbcrich on Monday", b"a cheap hotel in Rome?", b"\xff\x00 bad"]


@pytest.fixture(scope="module")
def client(hashed_files):
    port = free_port()
    with server(f"{hashed_files.onnx}=trips", "--grpc-port", port):
        yield client_of.InferenceServerClient(f"127.0.0.1:{port}")


def asked(texts):
    tensor = client_of.InferInput("text", [len(texts)], "BYTES")
    tensor.set_data_from_numpy(np.array(texts, object))
    return [tensor]


@pytest.mark.slow
def test_texts_are_answered_as_in_the_file(client, hashed_files):
    import edgetext
    from edgetext.predictor import as_array

    wanted = [client_of.InferRequestedOutput(name) for name in ("scores", "spans")]
    response = client.infer("trips", asked(TEXTS), outputs=wanted, request_id="7")
    scores, spans = response.as_numpy("scores"), response.as_numpy("spans")
    assert response.get_response().id == "7" and response.as_numpy("truncated") is None
    session = edgetext.load(hashed_files.onnx).session
    for number, text in enumerate(TEXTS):
        expected = session.run(as_array(text, 64))
        np.testing.assert_allclose(scores[number], expected[0][0], atol=1e-6)
        assert spans[spans[:, 0] == number][:, 1:].tolist() == expected[1][0].tolist()


@pytest.mark.slow
def test_raw_bytes_and_all_outputs(client):
    tensor = client_of.InferInput("text", [1, len(TEXTS[2])], "UINT8")
    tensor.set_data_from_numpy(np.frombuffer(TEXTS[2], np.uint8)[None])
    response = client.infer("trips", [tensor])
    assert response.as_numpy("scores").shape == (1, 3)
    assert response.as_numpy("spans").dtype == np.int32


@pytest.mark.slow
def test_health_metadata_and_errors(client):
    from tritonclient.utils import InferenceServerException

    assert client.is_server_live() and client.is_server_ready() and client.is_model_ready("trips")
    metadata = client.get_model_metadata("trips")
    (version,) = metadata.versions
    assert client.is_model_ready("trips", version)
    assert [row.name for row in metadata.outputs] == ["scores", "spans", "truncated"]
    assert client.get_server_metadata().name == "edgetext"
    with pytest.raises(InferenceServerException, match="there is no model of that name"):
        client.infer("rain", asked([b"a"]))
