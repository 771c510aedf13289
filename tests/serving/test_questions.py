"""POST /v1/predict."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import edgetext

MODELS = ["joint", "classify", "tag", "parse", "batch"]
TEXTS = ["fly to Zürich 😀 on Monday", "a cheap hotel in 東京?", "", "\x00", "x" * 100]


def units(text, at):
    """Count units of UTF-16 before a code point."""
    return len(text[:at].encode("utf-16-le")) // 2


def without_units(value):
    if isinstance(value, dict):
        return {k: without_units(v) for k, v in value.items() if not k.startswith("utf16_")}
    return list(map(without_units, value)) if isinstance(value, list) else value


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("text", TEXTS)
def test_an_answer_is_that_of_predict(client, predict, model, text):
    found = predict(text=text, model=model, top=3)
    assert found.status_code == 200
    answer = client.served[model].predictor.predict(text)
    expected = {"model": model, **answer.as_json(text.encode(), 3)}
    assert without_units(found.json()) == expected


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=80))
@pytest.mark.parametrize("model", ["joint", "batch"])
def test_every_text_has_the_answer_of_load(client, model, text):
    found = client.post("/v1/predict", json={"text": text, "model": model})
    answer = client.served[model].predictor.predict(text).as_json(text.encode())
    assert without_units(found.json()) == {"model": model, **answer}


def test_the_predictor_is_that_of_load(client, predict, hashed_files):
    text = "is it cold in Paris tomorrow?"
    answer = edgetext.load(hashed_files.onnx).predict(text)
    assert predict(text=text, model="joint").json()["intent"] == answer.intent


@pytest.mark.parametrize("model", MODELS)
def test_several_texts_have_an_answer_each(predict, model):
    found = predict(texts=TEXTS, model=model).json()["answers"]
    alone = [predict(text=text, model=model).json() for text in TEXTS]
    for one in alone:
        one.pop("model")
    for one, other in zip(found, alone, strict=True):
        assert one.pop("score", 1) == pytest.approx(other.pop("score", 1), abs=1e-3)
        assert one == other


def test_places_are_in_units_of_utf_16_too(predict):
    text = "😀😀 fly to Zürich"
    (span,) = predict(text=text, model="joint").json()["spans"]
    assert text[span["char_start"] : span["char_end"]] == span["text"] == "Zürich"
    assert span["utf16_start"] == units(text, span["char_start"]) == span["char_start"] + 2
    assert span["utf16_end"] == units(text, span["char_end"])


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({}, 422, "give text, or a list"),
        ({"text": "a", "texts": ["b"]}, 422, "give text, or a list"),
        ({"texts": []}, 422, "at least one"),
        ({"texts": ["a"] * 257}, 422, "257"),
        ({"text": "a", "text_b": "b"}, 422, "classify reads text, and the request has 2"),
        ({"texts": ["a", ["a", "b"]]}, 422, "texts.1"),
        ({"texts": ["a"], "text_b": "b"}, 422, "pairs"),
        ({"text": 1}, 422, "text: input should be a valid string"),
        ({"text": "a", "top": 0}, 422, "top"),
        ({"text": "a", "top": 1.5}, 422, "top"),
        ({"text": None}, 422, "text: input should be a valid string"),
        ({"text": "a", "tpo": 2}, 422, "tpo: extra inputs are not permitted"),
        ({"text": "a", "model": "rain"}, 404, "there are joint, classify"),
    ],
)
def test_what_is_wrong_is_said(predict, fields, status, words):
    response = predict(**{"model": "classify", **fields})
    assert response.status_code == status
    assert list(response.json()) == ["error"] and words in response.json()["error"]


def test_which_model_must_be_said_where_there_are_several(predict, serve, classify_files):
    assert predict(text="a").status_code == 422
    response = serve(classify_files.onnx).post("/v1/predict", json={"text": "fly to Rome"})
    assert response.json()["model"] == "classify" and response.json()["intent"] == "flight"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"text": "\xff"}', b'{"text": "\\ud83d"}', b"[" * 100_000, b"\x00"]
)
def test_what_is_no_json_is_refused(client, body):
    headers = {"content-type": "application/json"}
    response = client.post("/v1/predict", content=body, headers=headers)
    assert response.status_code == (422 if body == b"[]" else 400)
    assert response.json()["error"].isprintable()


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_other_media_types_are_refused(client, kind):
    body = json.dumps({"text": "a"}).encode()
    response = client.post("/v1/predict", content=body, headers={"content-type": kind})
    assert response.status_code == 415
    charset = {"content-type": "application/json; charset=utf-8"}
    assert client.post("/v1/predict", content=body, headers=charset).status_code == 422


def test_compressed_requests_are_refused(client):
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    response = client.post("/v1/predict", content=b"\x1f\x8b", headers=headers)
    assert response.status_code == 415
