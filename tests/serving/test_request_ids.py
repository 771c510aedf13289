"""The id of a request: the client's own where it is sane."""

import pytest

from edgetext.serving.request_ids import request_id


@pytest.mark.parametrize("given", [b"a", b"user:17/2", b"x" * 128, b"00-4bf92f3577b34da6-01"])
def test_a_sane_id_is_kept(given):
    assert request_id(given) == given.decode()


@pytest.mark.parametrize("given", [None, b"", b"a b", b"a\r\nb", b"x" * 129, "é".encode(), b"a\n"])
def test_another_one_is_made_anew(given):
    ids = {request_id(given) for _ in range(100)}
    assert len(ids) == 100 and all(x.isascii() and x.isprintable() for x in ids)


def test_answers_have_it(client):
    headers = {"x-request-id": "mine"}
    response = client.post("/v1/predict", json={"text": "a", "model": "tag"}, headers=headers)
    assert response.headers["x-request-id"] == "mine"
    fields = {"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["a"]}]}
    first, second = (client.post("/v2/models/tag/infer", json=fields) for _ in range(2))
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    refused = client.post("/v2/models/tag/infer", json={}, headers=headers)
    assert refused.status_code == 400 and refused.headers["x-request-id"] == "mine"
