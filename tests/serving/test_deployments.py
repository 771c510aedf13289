"""Versions of a name: which one answers, and who is told what was answered."""

import pytest

from edgetext.serving.served import load_served
from edgetext.serving.settings import Settings


@pytest.fixture
def other(hashed_files):
    """Another model by the name classify."""
    (served,) = load_served(Settings(((hashed_files.onnx, "classify"),))).values()
    served.version = "next"
    return served


def test_another_version_takes_the_place(serve, classify_files, other):
    client = serve(f"{classify_files.onnx}=classify")
    (before,) = client.get("/v2/models/classify").json()["versions"]
    assert client.application.replace(other).version == before
    assert client.get("/v2/models/classify").json()["versions"] == ["next"]
    assert client.get("/v2/models/classify/versions/next/ready").status_code == 200
    response = client.get(f"/v2/models/classify/versions/{before}")
    assert response.status_code == 404 and "the versions next alone" in response.json()["error"]
    answer = client.post("/v1/predict", json={"text": "a cheap hotel"}).json()
    assert answer["score"] == pytest.approx(other.predictor.predict("a cheap hotel").score)


def test_a_version_beside_it_is_asked_by_its_version_alone(serve, classify_files, other):
    client = serve(f"{classify_files.onnx}=classify")
    deployment = client.application.deployments["classify"]
    deployment.versions["next"] = other
    client.application.replace(deployment.serving)
    assert "next" in client.get("/v2/models/classify").json()["versions"]
    fields = {"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["a"]}]}
    for path, version in (("/versions/next", "next"), ("", deployment.serving.version)):
        response = client.post(f"/v2/models/classify{path}/infer", json=fields)
        assert response.json()["model_version"] == version


def test_a_candidate_stays_when_its_version_served_for_a_while(serve, classify_files, other):
    client = serve(f"{classify_files.onnx}=classify")
    deployment = client.application.deployments["classify"]
    before = deployment.serving
    deployment.candidate = deployment.versions["next"] = other
    client.application.replace(other)
    assert client.get("/v2/models/classify").json()["versions"] == ["next"]
    client.application.replace(before)
    versions = client.get("/v2/models/classify").json()["versions"]
    assert sorted(versions) == sorted(["next", before.version])


def test_watchers_are_told_what_was_answered(serve, classify_files):
    client = serve(f"{classify_files.onnx}=classify")
    seen = []
    deployment = client.application.deployments["classify"]
    deployment.watchers.append(lambda *told: seen.append(told))
    client.post("/v1/predict", json={"texts": ["a", "b"]})
    client.post("/v1/predict", json={"text": 1})
    ((request, served, texts, results),) = seen
    assert request.model == "classify" and served is deployment.serving
    assert texts == [(b"a",), (b"b",)] and len(results) == 2
