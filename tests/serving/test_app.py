"""What holds for every path: tokens, methods, sizes, counts, lines, and failures."""

import io
import json
import re

import pytest

from edgetext.serving.request_log import RequestLog
from edgetext.serving.settings import Limits


def test_a_page_to_try_it_asks_nobody_else(client):
    page = client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert "connect-src 'self'" in page.headers["content-security-policy"]
    assert re.findall(r"(?:https?:)?//\w+", page.text) == []
    assert "/v1/predict" in page.text


def test_another_method_is_told_which_there_are(client):
    response = client.get("/v1/predict")
    assert response.status_code == 405 and response.headers["allow"] == "POST"
    response = client.post("/v2/health/live")
    assert response.status_code == 405 and response.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/v1/predict", "/v2/models/classify/infer"])
def test_a_large_body_is_refused_declared_or_not(serve, classify_files, path):
    client = serve(classify_files.onnx, limits=Limits(body=100))
    headers = {"content-type": "application/json"}
    large = b'{"text": "%s"}' % (b"x" * 100)
    for content in (large, iter([large[:60], large[60:]]), iter([large])):
        response = client.post(path, content=content, headers=headers)
        assert response.status_code == 413 and "--max-body" in response.json()["error"]
    assert client.post("/v1/predict", json={"text": "x" * 50}).status_code == 200
    parts = iter([b'{"text": ', b'"a"}'])
    assert client.post("/v1/predict", content=parts, headers=headers).status_code == 200


def test_a_token_opens_all_but_health_and_the_page(serve, classify_files):
    client = serve(classify_files.onnx, token="secret")
    for path in ("/", "/v2/health/live", "/v2/health/ready"):
        assert client.get(path).status_code == 200
    for path in ("/v2", "/metrics", "/openapi.json", "/v2/models/classify", "/nothing"):
        response = client.get(path)
        assert response.status_code == 401 and response.headers["www-authenticate"] == "Bearer"
        other = {"authorization": "Bearer secret2"}
        assert client.get(path, headers=other).status_code == 401
        own = {"authorization": "Bearer secret"}
        assert client.get(path, headers=own).status_code == (404 if path == "/nothing" else 200)
    assert client.post("/v1/predict", json={"text": "a"}).status_code == 401


def test_counts_are_by_model_and_status(serve, classify_files):
    client = serve(classify_files.onnx)
    client.post("/v1/predict", json={"texts": ["fly", "a hotel"]})
    client.post("/v1/predict", json={"text": 1})
    client.post("/v2/models/classify/infer", json={})
    lines = client.get("/metrics").text.splitlines()
    for line in (
        'edgetext_requests_total{model="classify",status="200"} 1.0',
        'edgetext_requests_total{model="",status="422"} 1.0',
        'edgetext_requests_total{model="classify",status="400"} 1.0',
        'edgetext_texts_total{model="classify"} 2.0',
        'edgetext_text_bytes_total{model="classify"} 10.0',
        'edgetext_request_seconds_count{model="classify"} 2.0',
        'edgetext_queue_depth{model="classify"} 0.0',
    ):
        assert line in lines


@pytest.mark.parametrize("with_text", [False, True])
def test_a_request_is_a_line_without_its_text(serve, classify_files, with_text):
    stream = io.StringIO()
    log = RequestLog(with_text=with_text, stream=stream)
    client = serve(classify_files.onnx, log=log)
    client.post("/v1/predict", json={"text": "fly to Zürich"})
    client.post("/v1/predict", json={"text": "fly to Zürich", "model": "secret"})
    log.flush()
    one, other = map(json.loads, stream.getvalue().splitlines())
    assert ("Zürich" in stream.getvalue()) == with_text
    assert one["status"] == 200 and one["model"] == "classify"
    assert (one["texts"], one["bytes"], one["ms"] > 0) == (1, 14, True)
    assert other["status"] == 404 and "there is none of that name" in other["error"]
    assert one.get("asked") == ([["fly to Zürich"]] if with_text else None)


def test_a_failure_is_a_sentence_and_no_trace(serve, classify_files, capfd, monkeypatch):
    client = serve(classify_files.onnx)

    def fail(*texts):
        raise ValueError("inside")

    monkeypatch.setattr(client.served["classify"].predictor, "predict", fail)
    response = client.post("/v1/predict", json={"text": "a"})
    assert response.status_code == 500 and "inside" not in response.text
    assert "ValueError: inside" in capfd.readouterr().err
    monkeypatch.undo()
    assert client.post("/v1/predict", json={"text": "a"}).status_code == 200


def test_a_server_that_ends_is_not_ready(serve, classify_files):
    client = serve(classify_files.onnx)
    client.app.ending = True
    for path in ("/v2/health/ready", "/v2/models/classify/ready"):
        assert client.get(path).status_code == 503
    assert client.get("/v2/health/live").status_code == 200
    assert client.post("/v1/predict", json={"text": "a"}).status_code == 200


@pytest.mark.parametrize(
    ("limits", "status", "why"),
    [(Limits(waiting=0), 429, "queue"), (Limits(deadline=1e-9), 504, "deadline")],
)
def test_what_is_not_taken_in_is_refused_and_counted(serve, classify_files, limits, status, why):
    client = serve(classify_files.onnx, limits=limits)
    tensor = {"name": "text", "datatype": "BYTES", "shape": [1], "data": ["a"]}
    for path, fields in (
        ("/v1/predict", {"text": "a"}),
        ("/v2/models/classify/infer", {"inputs": [tensor]}),
    ):
        response = client.post(path, json=fields)
        assert response.status_code == status
        assert response.headers.get("retry-after") == ("1" if status == 429 else None)
        assert list(response.json()) == ["error"]
    line = f'edgetext_rejected_total{{model="classify",why="{why}"}} 2.0'
    assert line in client.get("/metrics").text.splitlines()
