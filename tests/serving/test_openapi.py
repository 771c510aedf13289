"""The description of the server is that of the server."""

import re


def test_every_path_is_there(client):
    document = client.get("/openapi.json").json()
    assert document["openapi"] == "3.1.0" and len(document["paths"]) > 20
    for path, methods in document["paths"].items():
        for method in methods:
            response = client.request(method, path)
            assert response.status_code not in (404, 405, 500), path


def test_every_answer_has_a_status_that_is_described(client):
    document = client.get("/openapi.json").json()
    statuses = document["paths"]["/v1/predict"]["post"]["responses"]
    for fields in ({"text": "a"}, {"text": "a", "model": "tag"}, {}, [], {"model": "x"}):
        assert str(client.post("/v1/predict", json=fields).status_code) in statuses


def test_a_token_is_described_where_there_is_one(serve, client, classify_files):
    assert "security" not in client.get("/openapi.json").json()
    headers = {"authorization": "Bearer t"}
    document = serve(classify_files.onnx, token="t").get("/openapi.json", headers=headers).json()
    assert document["security"] == [{"token": []}]
    assert "401" in document["paths"]["/v1/predict"]["post"]["responses"]
    assert document["paths"]["/v2/health/live"]["get"]["security"] == []


def test_references_lead_somewhere(client):
    response = client.get("/openapi.json")
    for name in set(re.findall(r"#/components/schemas/(\w+)", response.text)):
        assert name in response.json()["components"]["schemas"]
