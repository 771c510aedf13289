"""A server that judges, as a process of its own, through restarts."""

import os
import re
import signal
import time
from pathlib import Path

import httpx2
import pytest
from server_process import ready, server

pytest.importorskip("uvicorn")
# The machine that tests may have other work.
QUICK = ("--nice", 0)
HOTEL, RAIN = "a cheap hotel in Rome?", "will it rain today"


def ask(address, text, **headers):
    response = httpx2.post(f"{address}/v1/predict", json={"text": text}, headers=headers)
    assert response.status_code == 200
    return response


def evaluation(address, holds):
    """The figures of the model, once `holds` is true of them."""
    for _ in range(300):
        response = httpx2.get(f"{address}/v1/evaluation")
        if response.status_code == 200 and holds(model := response.json()["models"]["classify"]):
            return model
        time.sleep(0.1)
    raise AssertionError(response.text)


def ended(process):
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0 and "Traceback" not in err, err
    return err


def test_a_shadow_is_compared_and_remembered(classify_files, weak, tmp_path):
    options = ("--shadow", weak, "--sample", 1, "--state", tmp_path / "state", *QUICK)
    with server(classify_files.onnx, *options) as (process, address, _):
        first = ask(address, HOTEL)
        assert first.json()["intent"] == "hotel"
        for number in range(9):
            ask(address, RAIN if number % 3 else HOTEL)
        model = evaluation(address, lambda x: x["agreement"]["of"] == 10)
        assert model["agreement"]["count"] == 6
        (pair,) = model["disagreements"]
        assert (pair["serving"], pair["count"]) == ("hotel", 4)
        fields = {"id": first.headers["x-request-id"], "label": "hotel"}
        right = httpx2.post(f"{address}/v1/feedback", json=fields).json()["right"]
        assert right == {"serving": True, "candidate": False}
        for fields, status in (({"id": "none", "label": "hotel"}, 404), ({}, 422)):
            response = httpx2.post(f"{address}/v1/feedback", json=fields)
            assert response.status_code == status and response.json()["error"]
        page = httpx2.get(f"{address}/evaluation")
        assert "default-src 'none'" in page.headers["content-security-policy"]
        evaluation(address, lambda x: x["accuracy"]["serving"]["of"] == 1)
        metrics = httpx2.get(f"{address}/metrics").text
        assert 'edgetext_shadow_agreed_total{model="classify"} 6.0' in metrics
        ended(process)
    with server(classify_files.onnx, *options) as (process, address, _):
        model = evaluation(address, lambda x: x["agreement"]["of"] == 10)
        assert model["accuracy"]["candidate"]["share"] == 0
        # The answer is remembered, too.
        fields = {"id": first.headers["x-request-id"], "label": "flight"}
        right = httpx2.post(f"{address}/v1/feedback", json=fields).json()["right"]
        assert right["serving"] is False
        ended(process)


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_canary_returns_and_stays_so(classify_files, weak, tmp_path, workers):
    options = (
        *("--canary", weak, "--percent", 50, "--state", tmp_path / "state"),
        *("--guard", "agreement=0.9", "--guard-texts", 20, "--workers", workers, *QUICK),
    )
    with server(classify_files.onnx, *options) as (process, address, _):
        ready(address)
        versions = {ask(address, RAIN, **{"x-request-id": "mine"}).headers["x-model-version"]}
        versions |= {ask(address, RAIN, **{"x-request-id": "mine"}).headers["x-model-version"]}
        assert len(versions) == 1
        for _ in range(100):
            ask(address, HOTEL)
        model = evaluation(address, lambda x: not x["canary"]["open"])
        assert "agreement" in model["canary"]["why"]
        evaluation(address, lambda x: x["canary"]["requests"]["candidate"]["count"] >= 20)
        # Every worker, on connections of their own.
        answers = [ask(address, HOTEL) for _ in range(40)]
        assert {x.json()["intent"] for x in answers} == {"hotel"}
        assert {x.headers["x-model-version"] for x in answers} == {model["versions"]["serving"]}
        metrics = httpx2.get(f"{address}/metrics").text
        assert 'edgetext_canary_open{model="classify"} 0.0' in metrics
        assert 'edgetext_canary_returns_total{model="classify"} 1.0' in metrics
        assert "agreement" in httpx2.get(f"{address}/evaluation").text
        assert "the canary of classify ends" in ended(process)
    with server(classify_files.onnx, *options) as (process, address, _):
        ready(address)
        answers = [ask(address, HOTEL) for _ in range(40)]
        assert {x.headers["x-model-version"] for x in answers} == {model["versions"]["serving"]}
        ended(process)


def test_a_canary_says_who_answered(classify_files, weak):
    options = ("--canary", f"classify:{weak}", "--percent", 100, "--guard", "errors=0.5", *QUICK)
    with server(classify_files.onnx, *options) as (process, address, _):
        ready(address)
        fields = {"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": [HOTEL]}]}
        paths = "/v2/models/classify"
        response = httpx2.post(f"{address}{paths}/infer", json=fields)
        version = response.json()["model_version"]
        assert response.headers["x-model-version"] == version
        assert ask(address, HOTEL).json()["intent"] != "hotel"
        versions = httpx2.get(f"{address}{paths}").json()["versions"]
        assert version in versions and len(versions) == 2
        (serving,) = {*versions} - {version}
        # Who asks for a version gets it.
        response = httpx2.post(f"{address}{paths}/versions/{serving}/infer", json=fields)
        assert response.json()["model_version"] == serving
        document = httpx2.get(f"{address}/openapi.json").json()
        for path, methods in document["paths"].items():
            for method in methods:
                response = httpx2.request(method, f"{address}{path}")
                assert response.status_code not in (404, 405, 500), path
        assert {"/v1/feedback", "/v1/evaluation", "/evaluation"} <= document["paths"].keys()
        ended(process)


@pytest.mark.slow
def test_a_process_that_dies_is_replaced(classify_files, weak, tmp_path):
    options = ("--shadow", weak, "--sample", 1, "--state", tmp_path / "state", *QUICK)
    with server(classify_files.onnx, *options) as (process, address, _):
        ask(address, RAIN)
        evaluation(address, lambda x: x["agreement"]["of"] == 1)
        time.sleep(2.5)  # by when it is stored
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        lines = {child: Path(f"/proc/{child}/cmdline").read_text() for child in children}
        judge = next(int(child) for child, line in lines.items() if "spawn_main" in line)
        os.kill(judge, signal.SIGKILL)
        assert "another one starts" in process.stderr.readline()
        # Answers go on all the while.
        for _ in range(5):
            ask(address, RAIN)
        evaluation(address, lambda x: x["agreement"]["of"] == 6)
        ended(process)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--shadow", "no.onnx"), "no.onnx: there is no such file"),
        (("--sample", "0.5"), "--sample goes with --shadow"),
        (("--shadow", "{weak}", "--sample", "1.5"), "1.5 is not in the range 0<=x<=1"),
        (("--shadow", "x:{weak}"), "no model is called x"),
        (("--shadow", "{weak}", "--canary", "{weak}"), "has the shadow"),
        (("--canary", "{weak}", "--guard", "speed=2"), "no guard 'speed'"),
        (("--shadow", "{tag}"), "its task is tag and that of"),
    ],
)
def test_what_cannot_be_judged_is_said(classify_files, tag_files, weak, capfd, options, sentence):
    from edgetext.cli import main

    words = [str(x).format(weak=weak, tag=tag_files.onnx) for x in options]
    assert main(["serve", str(classify_files.onnx), "--port", "0", *words]) == 2
    err = capfd.readouterr().err
    assert re.sub(r"\s+", " ", sentence) in re.sub(r"\s+", " ", err) and "Traceback" not in err


def test_the_extra_is_named_where_it_is_missing(classify_files, weak, capfd, monkeypatch):
    import importlib.util

    from edgetext.cli import main

    before = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "scipy" else before(name)
    )
    assert main(["serve", str(classify_files.onnx), "--shadow", str(weak)]) == 2
    assert "pip install 'edgetext[monitor]'" in capfd.readouterr().err
