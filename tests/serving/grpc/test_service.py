"""The methods of the protocol by gRPC, and that they answer as by HTTP."""

import io
import json
import time

import numpy as np
import pytest

from edgetext.serving.request_log import RequestLog
from edgetext.serving.settings import Limits

grpc = pytest.importorskip("grpc", reason="pip install 'edgetext[grpc]'")
MODELS = ["joint", "classify", "tag", "parse", "batch"]
TEXTS = ["fly to Zürich on Monday", "a cheap hotel in 東京?", "x" * 100]
TYPES = {"FP32": ("fp32_contents", np.float32), "INT32": ("int_contents", np.int32)}


def typed(*texts, **fields):
    contents = {"bytes_contents": [text.encode() for text in texts]}
    tensor = {"name": "text", "datatype": "BYTES", "shape": [len(texts)], "contents": contents}
    return {"inputs": [{**tensor, **fields}]}


def raw(*texts):
    data = b"".join(len(text.encode()).to_bytes(4, "little") + text.encode() for text in texts)
    tensor = {"name": "text", "datatype": "BYTES", "shape": [len(texts)]}
    return {"inputs": [tensor], "raw_input_contents": [data]}


def arrays(response):
    found = {}
    for number, tensor in enumerate(response.outputs):
        field, dtype = TYPES[tensor.datatype]
        if response.raw_output_contents:
            array = np.frombuffer(response.raw_output_contents[number], dtype)
        else:
            array = np.array(getattr(tensor.contents, field), dtype)
        found[tensor.name] = array.reshape(tensor.shape)
    return found


def by_http(client, model, texts):
    tensor = {"name": "text", "datatype": "BYTES", "shape": [len(texts)], "data": list(texts)}
    rows = client.post(f"/v2/models/{model}/infer", json={"inputs": [tensor]}).json()["outputs"]
    return {
        row["name"]: np.array(row["data"], TYPES[row["datatype"]][1]).reshape(row["shape"])
        for row in rows
    }


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("texts", [TEXTS[:1], TEXTS])
def test_tensors_are_those_of_http(client, remote, model, texts):
    expected = by_http(client, model, texts)
    for form in (typed, raw):
        response = remote.call("ModelInfer", model_name=model, **form(*texts))
        assert bool(response.raw_output_contents) == (form is raw)
        assert (response.model_name, response.model_version) == (
            model,
            client.served[model].version,
        )
        found = arrays(response)
        assert list(found) == list(expected)
        for name, array in found.items():
            assert array.dtype == expected[name].dtype
            np.testing.assert_allclose(array, expected[name], atol=1e-6)


def test_a_text_of_uint8_need_be_no_utf_8(client, remote):
    data = b"fly to \xff\x00"
    shape = {"name": "text", "datatype": "UINT8", "shape": [1, len(data)]}
    first = remote.call("ModelInfer", model_name="joint", inputs=[shape], raw_input_contents=[data])
    contents = {"uint_contents": list(data)}
    second = remote.call("ModelInfer", model_name="joint", inputs=[{**shape, "contents": contents}])
    (expected,) = client.served["joint"].tensors([(data,)])
    for response in (first, second):
        np.testing.assert_allclose(arrays(response)["scores"], expected[0], atol=1e-6)


def test_outputs_are_chosen_and_their_form(remote):
    def ask(form, **fields):
        return remote.call("ModelInfer", model_name="joint", **form("a"), **fields)

    response = ask(typed, outputs=[{"name": "spans"}, {"name": "scores"}], id="7")
    assert [tensor.name for tensor in response.outputs] == ["spans", "scores"]
    assert response.id == "7" and not response.raw_output_contents
    for value, form in ((True, typed), (False, raw)):
        response = ask(form, parameters={"binary_data_output": {"bool_param": value}})
        assert bool(response.raw_output_contents) == value
    binary = {"name": "scores", "parameters": {"binary_data": {"bool_param": True}}}
    response = ask(typed, outputs=[binary, {"name": "spans"}])
    assert len(response.raw_output_contents) == 2
    assert not any(tensor.HasField("contents") for tensor in response.outputs)


@pytest.mark.parametrize("model", MODELS)
def test_metadata_is_that_of_http(client, remote, model):
    found = remote.call("ModelMetadata", name=model)
    expected = client.get(f"/v2/models/{model}").json()
    assert (found.name, list(found.versions)) == (model, expected["versions"])
    assert found.platform == expected["platform"]
    for field in ("inputs", "outputs"):
        rows = [(x.name, x.datatype, list(x.shape)) for x in getattr(found, field)]
        assert rows == [(x["name"], x["datatype"], x["shape"]) for x in expected[field]]


def test_live_ready_and_what_the_server_is(client, remote):
    assert remote.call("ServerLive").live and remote.call("ServerReady").ready
    version = client.served["tag"].version
    assert remote.call("ModelReady", name="tag", version=version).ready
    about = remote.call("ServerMetadata")
    assert (about.name, about.version) == ("edgetext", client.get("/v2").json()["version"])


def test_a_server_that_ends_is_not_ready(remote_of, classify_files):
    remote = remote_of(classify_files.onnx)
    remote.http.application.ending = True
    assert remote.call("ServerLive").live and not remote.call("ServerReady").ready
    assert not remote.call("ModelReady", name="classify").ready
    assert remote.call("ModelInfer", model_name="classify", **typed("a")).outputs


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "no inputs"),
        (typed("a", name="b"), "joint takes text"),
        (typed("a", datatype="FP32"), "FP32"),
        (typed("a", shape=[-1]), '"shape"'),
        (typed("a", shape=[2]), "says 2 texts and its data has 1"),
        (typed("a", contents={}), "says 1 texts and its data has 0"),
        (typed("a", contents={"int_contents": [1]}), "elements go into bytes_contents"),
        (typed("a", datatype="UINT8", shape=[1, 1]), "elements go into uint_contents"),
        (
            typed("a", datatype="UINT8", shape=[1, 1], contents={"uint_contents": [256]}),
            "0 to 255",
        ),
        (typed(*"a" * 257), "257 texts"),
        ({**raw("a"), "raw_input_contents": [b"a", b"b"]}, "raw_input_contents has 2 tensors"),
        ({**raw("a"), "raw_input_contents": [b"\x02\x00\x00\x00a"]}, "element 0 goes beyond"),
        ({**typed("a"), "raw_input_contents": [b"\x01\x00\x00\x00a"]}, "not both"),
        ({**typed("a"), "outputs": [{"name": "logits"}]}, "joint gives scores, spans"),
        (
            {**typed("a"), "parameters": {"binary_data_output": {"int64_param": 1}}},
            "true or false",
        ),
        (
            typed("a", parameters={"shared_memory_region": {"string_param": "x"}}),
            "shared memory",
        ),
    ],
)
def test_what_is_wrong_is_said(remote, fields, words):
    code, sentence = remote.refused("ModelInfer", model_name="joint", **fields)
    assert code == "INVALID_ARGUMENT" and words in sentence


@pytest.mark.parametrize("method", ["ModelReady", "ModelMetadata", "ModelInfer"])
def test_what_is_not_there_is_said_as_by_http(client, remote, method):
    before = "model_" if method == "ModelInfer" else ""
    for name, version, path in (("rain", "", "rain"), ("joint", "9", "joint/versions/9")):
        fields = {f"{before}name": name, f"{before}version": version}
        code, sentence = remote.refused(method, **fields)
        assert code == "NOT_FOUND"
        assert sentence == client.get(f"/v2/models/{path}").json()["error"]


@pytest.mark.parametrize(
    ("limits", "code", "status"),
    [
        (Limits(waiting=0), "RESOURCE_EXHAUSTED", 429),
        (Limits(deadline=1e-9), "DEADLINE_EXCEEDED", 504),
    ],
)
def test_what_is_not_taken_in_is_refused_and_counted(
    remote_of, classify_files, limits, code, status
):
    remote = remote_of(classify_files.onnx, limits=limits)
    found, sentence = remote.refused("ModelInfer", model_name="classify", **typed("a"))
    response = remote.http.post("/v1/predict", json={"text": "a"})
    assert (found, sentence) == (code, response.json()["error"])
    line = f'edgetext_requests_total{{model="classify",status="{status}"}} 2.0'
    assert line in remote.http.get("/metrics").text.splitlines()


def test_the_client_s_own_deadline_holds(remote_of, classify_files, monkeypatch):
    stream = io.StringIO()
    log = RequestLog(stream=stream)
    remote = remote_of(classify_files.onnx, limits=Limits(deadline=0), log=log)
    served = remote.http.served["classify"]
    calls = []

    def slow(*arrays):
        calls.append(len(arrays))
        time.sleep(0.3)
        return served.example

    monkeypatch.setattr(served.predictor.session, "run", slow, raising=False)
    asked = typed(*["a"] * 20)
    code, _ = remote.refused("ModelInfer", model_name="classify", timeout=0.5, **asked)
    assert code == "DEADLINE_EXCEEDED"
    monkeypatch.undo()
    assert remote.call("ModelInfer", model_name="classify", **typed("a")).outputs
    # The rest of the texts was not asked when nobody waited any more.
    assert 0 < len(calls) < 20
    log.flush()
    statuses = [json.loads(line)["status"] for line in stream.getvalue().splitlines()]
    assert statuses[0] in (499, 504) and statuses[1] == 200


def test_a_token_opens_all_but_health(remote_of, classify_files):
    remote = remote_of(classify_files.onnx, token="secret")
    assert remote.call("ServerLive").live and remote.call("ServerReady").ready
    asked = {"model_name": "classify", **typed("a")}
    for metadata in (None, (("authorization", "Bearer secret2"),)):
        code, sentence = remote.refused("ModelInfer", metadata=metadata, **asked)
        assert code == "UNAUTHENTICATED" and "Authorization: Bearer TOKEN" in sentence
    shown = (("authorization", "Bearer secret"),)
    assert remote.call("ModelInfer", metadata=shown, **asked).outputs


def test_a_call_is_a_line_and_is_counted(remote_of, classify_files):
    stream = io.StringIO()
    log = RequestLog(stream=stream)
    remote = remote_of(classify_files.onnx, log=log)
    remote.call("ModelInfer", model_name="classify", **typed("fly to Zürich", "a"))
    remote.refused("ModelInfer", model_name="rain", **typed("a"))
    log.flush()
    one, other = map(json.loads, stream.getvalue().splitlines())
    assert one["path"] == "/inference.GRPCInferenceService/ModelInfer"
    assert (one["status"], one["model"], one["texts"], one["bytes"]) == (200, "classify", 2, 15)
    assert other["status"] == 404 and "no model of that name" in other["error"]
    lines = remote.http.get("/metrics").text.splitlines()
    assert 'edgetext_texts_total{model="classify"} 2.0' in lines


def test_a_failure_is_a_sentence_and_no_trace(remote_of, classify_files, capfd, monkeypatch):
    remote = remote_of(classify_files.onnx)
    served = remote.http.served["classify"]

    def fail(*arrays):
        raise ValueError("inside")

    monkeypatch.setattr(served.predictor.session, "run", fail, raising=False)
    code, sentence = remote.refused("ModelInfer", model_name="classify", **typed("a"))
    assert code == "INTERNAL" and "inside" not in sentence
    assert "ValueError: inside" in capfd.readouterr().err
    monkeypatch.undo()
    assert remote.call("ModelInfer", model_name="classify", **typed("a")).outputs


def test_a_large_message_and_a_compressed_one_are_refused(remote_of, classify_files):
    remote = remote_of(classify_files.onnx, limits=Limits(body=1000))
    asked = {"model_name": "classify", **typed("x" * 2000)}
    assert remote.refused("ModelInfer", **asked)[0] == "RESOURCE_EXHAUSTED"
    method = "/inference.GRPCInferenceService/ServerLive"
    with pytest.raises(grpc.RpcError) as caught:
        remote.channel.unary_unary(method)(b"x" * 500, compression=grpc.Compression.Gzip)
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_what_is_no_message_is_an_error_of_that_call_alone(remote):
    ask = remote.channel.unary_unary("/inference.GRPCInferenceService/ModelInfer")
    for content in (b"\xff", b"\x0a\xff\x01", b"\x2a\x02\x0a\x09"):
        with pytest.raises(grpc.RpcError):
            ask(content, timeout=30)
    assert remote.call("ServerLive").live


def test_a_call_has_the_id_of_its_request(remote):
    ask = remote.channel.unary_unary(
        "/inference.GRPCInferenceService/ModelInfer",
        remote.messages["ModelInferRequest"].SerializeToString,
        remote.messages["ModelInferResponse"].FromString,
    )
    message = remote.messages["ModelInferRequest"](model_name="classify", **typed("a"))
    _, call = ask.with_call(message, metadata=(("x-request-id", "mine"),))
    assert dict(call.trailing_metadata())["x-request-id"] == "mine"


def test_bytes_that_are_no_message_are_said_and_counted(remote_of, classify_files):
    remote = remote_of(classify_files.onnx)
    ask = remote.channel.unary_unary("/inference.GRPCInferenceService/ModelInfer")
    with pytest.raises(grpc.RpcError) as caught:
        ask(b"\xff\xff\xff", timeout=30)
    assert caught.value.code().name == "INVALID_ARGUMENT"
    assert caught.value.details() == "the bytes of the call are no ModelInferRequest"
    page = remote.http.get("/metrics").text
    assert 'edgetext_requests_total{model="",status="400"} 1.0' in page
