"""Requests as bytes."""

import json

import numpy as np

from edgetext.loadtest.arrivals import Schedule
from edgetext.loadtest.questions import encoded, request

URL = "http://127.0.0.1:8080"


def body(data):
    head, _, content = data.partition(b"\r\n\r\n")
    assert f"content-length: {len(content)}".encode() in head
    assert head.startswith(b"POST /v1/predict HTTP/1.1\r\nhost: 127.0.0.1:8080\r\n")
    return json.loads(content)


def schedule(counts, texts=None):
    return Schedule(np.arange(len(counts)) / 10, np.asarray(counts), 1.0, texts)


def test_one_text_and_two_and_several():
    assert body(request(URL, [("Zürich",)])) == {"text": "Zürich"}
    assert body(request(URL, [("a", "b")])) == {"text": "a", "text_b": "b"}
    assert body(request(URL, [("a",), ("b",)])) == {"texts": ["a", "b"]}
    assert body(request(URL, [("a", "b"), ("c", "d")])) == {"texts": [["a", "b"], ["c", "d"]]}


def test_texts_are_asked_in_turns_and_written_once():
    bodies, which = encoded(URL, schedule([1, 1, 2, 1]), [("a",), ("b",), ("c",)])
    asked = [body(bodies[i]) for i in which]
    assert asked == [{"text": "a"}, {"text": "b"}, {"texts": ["c", "a"]}, {"text": "b"}]
    assert len(bodies) == 3


def test_each_request_says_what_else_is_given():
    fields = {"model": "trips", "top": 3}
    assert body(request(URL, [("a",)], fields)) == {"text": "a", **fields}
    bodies, _ = encoded(URL, schedule([1, 2]), [("a",)], fields)
    assert all(body(data)["model"] == "trips" for data in bodies)


def test_texts_of_the_schedule_come_first():
    bodies, which = encoded(URL, schedule([1, 1, 1], ["x", "y", "x"]), [("a",)])
    assert [body(bodies[i])["text"] for i in which] == ["x", "y", "x"]
    assert len(bodies) == 2
