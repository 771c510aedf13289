"""The Open Inference Protocol, as its own clients speak it and as bad ones do."""

import json

import numpy as np
import pytest

from edgetext.predictor import as_array

MODELS = ["joint", "classify", "tag", "parse", "batch"]
TEXTS = ["fly to Zürich on Monday", "a cheap hotel in 東京?", "x" * 100]
TYPES = {"FP32": np.float32, "INT32": np.int32}


def question(*texts, **fields):
    tensor = {"name": "text", "datatype": "BYTES", "shape": [len(texts)], "data": list(texts)}
    return {"inputs": [{**tensor, **fields}]}


def arrays(response):
    """Give the outputs of a JSON response by name."""
    return {
        row["name"]: np.array(row["data"], TYPES[row["datatype"]]).reshape(row["shape"])
        for row in response.json()["outputs"]
    }


def binary(fields, *parts):
    """Give the body and headers of a request with binary tensors."""
    head = json.dumps(fields).encode()
    headers = {
        "content-type": "application/octet-stream",
        "inference-header-content-length": str(len(head)),
    }
    return {"content": b"".join([head, *parts]), "headers": headers}


def element(text):
    return len(text).to_bytes(4, "little") + text


def tensors_of(model, text):
    """Give what the file itself answers, by name."""
    predictor = model.predictor
    outputs = predictor.session.run(as_array(text, predictor.metadata.max_bytes))
    return dict(zip(model.outputs, outputs, strict=True))


@pytest.mark.parametrize("model", MODELS)
def test_metadata_says_what_a_model_takes_and_gives(client, model):
    found = client.get(f"/v2/models/{model}").json()
    served = client.served[model]
    assert found["name"] == model and found["versions"] == [served.version]
    assert found["inputs"] == [{"name": "text", "datatype": "BYTES", "shape": [-1]}]
    assert [row["name"] for row in found["outputs"]] == list(served.outputs)
    by_version = client.get(f"/v2/models/{model}/versions/{served.version}")
    assert by_version.json() == found


def test_a_version_is_that_of_the_metadata(client):
    served = client.served["classify"]
    assert served.version == served.predictor.metadata.fields["model_version"]
    path = f"/v2/models/classify/versions/{served.version}"
    assert client.get(f"{path}/ready").status_code == 200
    assert client.post(f"{path}/infer", json=question("a")).json()["model_version"] == path[-12:]


@pytest.mark.parametrize("path", ["/v2/health/live", "/v2/health/ready", "/v2/models/tag/ready"])
def test_a_server_that_runs_is_ready(client, path):
    assert client.get(path).status_code == client.head(path).status_code == 200


def test_the_server_says_what_it_is(client):
    found = client.get("/v2").json()
    assert found["name"] == "edgetext" and "binary_tensor_data" in found["extensions"]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("text", TEXTS)
def test_one_text_has_the_tensors_of_the_contract(client, infer, model, text):
    found = arrays(infer(question(text), model))
    for name, array in tensors_of(client.served[model], text.encode()).items():
        assert found[name].dtype == array.dtype
        assert found[name].shape[0] == 1
        np.testing.assert_allclose(found[name].reshape(array.shape), array, atol=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_several_texts_have_rows_with_their_number(infer, model):
    found = arrays(infer(question(*TEXTS), model))
    alone = [arrays(infer(question(text), model)) for text in TEXTS]
    for name, array in found.items():
        if name in ("spans", "nodes"):
            rows = [[i, *row] for i, one in enumerate(alone) for row in one[name][0].tolist()]
            assert array.tolist() == rows and len(rows) > 1
        else:
            assert len(array) == len(TEXTS)
            expected = np.concatenate([one[name] for one in alone])
            np.testing.assert_allclose(array, expected, atol=1e-3)


def test_texts_come_as_bytes_of_uint8_too(infer):
    data = list("Zürich".encode())
    tensor = {"name": "text", "datatype": "UINT8", "shape": [1, 7], "data": [data]}
    assert infer({"inputs": [tensor]}).json() == infer(question("Zürich")).json()


def test_a_column_of_texts_is_as_a_row_of_them(infer):
    column = question("a", "b", shape=[2, 1], data=[["a"], ["b"]])
    assert infer(column).json() == infer(question("a", "b")).json()


def test_outputs_are_chosen_and_come_in_binary_form(client, infer):
    wanted = [{"name": "spans"}, {"name": "scores", "parameters": {"binary_data": True}}]
    response = infer({**question(*TEXTS), "outputs": wanted, "id": "7"})
    size = int(response.headers["inference-header-content-length"])
    fields = json.loads(response.content[:size])
    assert [row["name"] for row in fields["outputs"]] == ["spans", "scores"]
    assert fields["id"] == "7" and "data" in fields["outputs"][0]
    scores = np.frombuffer(response.content[size:], np.float32).reshape(3, 3)
    assert fields["outputs"][1]["parameters"] == {"binary_data_size": 36}
    np.testing.assert_array_equal(scores, arrays(infer(question(*TEXTS)))["scores"])
    everything = infer({**question("a"), "parameters": {"binary_data_output": True}})
    assert everything.headers["content-type"] == "application/octet-stream"


def test_binary_texts_need_be_no_utf_8(client):
    part = element(b"fly to \xff\x00") + element(b"") + element("Łódź".encode())
    tensor = {"name": "text", "datatype": "BYTES", "shape": [3]}
    tensor["parameters"] = {"binary_data_size": len(part)}
    response = client.post("/v2/models/joint/infer", **binary({"inputs": [tensor]}, part))
    found = arrays(response)
    own = tensors_of(client.served["joint"], b"fly to \xff\x00")
    np.testing.assert_allclose(found["scores"][:1], own["scores"], atol=1e-6)
    raw = {"name": "text", "datatype": "UINT8", "shape": [1, 9]}
    raw["parameters"] = {"binary_data_size": 9}
    response = client.post(
        "/v2/models/joint/infer", **binary({"inputs": [raw]}, b"fly to \xff\x00")
    )
    np.testing.assert_allclose(arrays(response)["scores"], own["scores"], atol=1e-6)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([], "no object"),
        ({}, '"inputs"'),
        ({"inputs": []}, '"inputs"'),
        ({"inputs": [1]}, '"inputs"'),
        ({"inputs": [{"name": 1}]}, '"inputs"'),
        (question("a", name="b"), "joint takes text"),
        ({"inputs": question("a")["inputs"] * 2}, "each once"),
        (question("a", datatype="FP32"), "FP32"),
        (question("a", datatype=None), "None"),
        (question("a", shape=None), '"shape"'),
        (question("a", shape=[-1]), '"shape"'),
        (question("a", shape=[True]), '"shape"'),
        (question("a", shape=[]), "its shape is []"),
        (question("a", shape=[0], data=[]), "its shape is [0]"),
        (question("a", shape=[1, 2]), "its shape is [1, 2]"),
        (question("a", shape=[2]), "says 2 texts and its data has 1"),
        (question("a", data=[1]), "list of strings"),
        (question("a", data="a"), "list of strings"),
        (question("a", data=None), "list of strings"),
        (question(*"a" * 257), "257 texts"),
        (question("a", datatype="UINT8", shape=[1, 1], data=[256]), "0 to 255"),
        (question("a", datatype="UINT8", shape=[1, 1], data=[1.0]), "0 to 255"),
        (question("a", datatype="UINT8", shape=[1, 2], data=[1]), "says 2 bytes and it has 1"),
        (question("a", datatype="UINT8", shape=[2, 1], data=[1, 2]), "several texts as BYTES"),
        (question("a", datatype="UINT8", shape=[1, 0], data=[]), "n of 1 or more"),
        (question("a", parameters=[]), "must be an object"),
        (question("a", parameters={"shared_memory_region": "x"}), "shared memory"),
        (question("a", parameters={"binary_data_size": 1}), "not both"),
        ({**question("a"), "outputs": [{"name": "logits"}]}, "joint gives scores, spans"),
        ({**question("a"), "outputs": [{"name": "spans"}] * 2}, "each once"),
        ({**question("a"), "outputs": []}, '"outputs"'),
        ({**question("a"), "id": 1}, '"id"'),
        ({**question("a"), "parameters": 1}, '"parameters"'),
        ({**question("a"), "parameters": {"binary_data_output": 1}}, "true or false"),
        (
            {**question("a"), "outputs": [{"name": "scores", "parameters": {"classification": 2}}]},
            "/v1/predict",
        ),
    ],
)
def test_what_is_wrong_is_said(infer, fields, words):
    response = infer(fields)
    assert response.status_code == 400, response.json()
    assert list(response.json()) == ["error"] and words in response.json()["error"]


@pytest.mark.parametrize(
    ("size", "part", "words"),
    [
        (9, element(b"a"), "of its binary_data_size of 9 bytes 5 are there"),
        (4, element(b"a"), "element 0 goes beyond"),
        (5, element(b"a") + b"x", "must be the same"),
        (5, (99).to_bytes(4, "little") + b"a", "element 0 goes beyond"),
        (6, element(b"a") + b"x", "1 bytes are left"),
        (3, b"abc", "element 0 goes beyond"),
        (0, b"", "element 0 goes beyond"),
        (-1, b"", "binary_data_size"),
        ("1", b"a", "binary_data_size"),
        (4, b"\xff\xff\xff\xff", "element 0 goes beyond"),
    ],
)
def test_lengths_that_lie_are_refused(client, size, part, words):
    tensor = {"name": "text", "datatype": "BYTES", "shape": [1]}
    tensor["parameters"] = {"binary_data_size": size}
    response = client.post("/v2/models/joint/infer", **binary({"inputs": [tensor]}, part))
    assert response.status_code == 400
    assert words in response.json()["error"]


def test_more_elements_than_there_are_bytes_for_are_refused(client):
    tensor = {"name": "text", "datatype": "BYTES", "shape": [10**12]}
    tensor["parameters"] = {"binary_data_size": 5}
    response = client.post("/v2/models/joint/infer", **binary({"inputs": [tensor]}, element(b"a")))
    assert response.status_code == 400 and "element 1" in response.json()["error"]


@pytest.mark.parametrize("header", ["-1", "x", "1e3", "", "99999", "9" * 40, "²"])
def test_a_wrong_header_is_refused(client, header):
    sent = binary(question("a"))
    sent["headers"]["inference-header-content-length"] = header.encode()
    response = client.post("/v2/models/joint/infer", **sent)
    assert response.status_code == 400
    assert "Inference-Header-Content-Length" in response.json()["error"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"inputs": "\xff"}', b"[" * 100_000])
def test_what_is_no_json_is_refused(client, body):
    response = client.post("/v2/models/joint/infer", content=body)
    assert response.status_code == 400 and "JSON" in response.json()["error"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/v2/models/rain", "no model of that name; there are joint"),
        ("/v2/models/rain/infer", "no model of that name"),
        ("/v2/models/joint/versions/9", "joint has the version"),
        ("/v2/models/joint/versions/9/infer", "joint has the version"),
        ("/v2/models/joint/x", "/openapi.json"),
        ("/v3", "/openapi.json"),
        ("/%00", "/openapi.json"),
    ],
)
def test_what_is_not_there_is_said(client, path, words):
    response = client.get(path)
    assert response.status_code == 404 and words in response.json()["error"]


def test_a_half_surrogate_is_read_as_predict_reads_it(client, infer):
    body = '{"inputs": [{"name": "text", "datatype": "BYTES", "shape": [1], "data": ["\\ud83d"]}]}'
    response = client.post("/v2/models/joint/infer", content=body)
    assert response.json() == infer(question("?")).json()
