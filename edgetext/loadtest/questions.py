"""Requests as bytes: which texts each asks, in JSON over HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import numpy as np

from edgetext.loadtest.arrivals import Schedule

Text = tuple[str, ...]


def encoded(
    url: str,
    schedule: Schedule,
    texts: Sequence[Text],
    fields: Mapping[str, object] | None = None,
) -> tuple[list[bytes], np.ndarray]:
    """Give the different requests, and int64[n], which of them each arrival of the schedule sends.

    url: of the server, as http://127.0.0.1:8080. texts: each one, or two where the model reads two;
    they are asked in turns, but where the schedule has texts of its own. fields: what each request
    says besides, as {"model": "trips"}.
    """
    requests: dict[tuple[Text, ...] | tuple[int, int], int] = {}
    bodies: list[bytes] = []
    which = np.empty(len(schedule), np.int64)
    at = 0
    for i, count in enumerate(schedule.counts.tolist()):
        if schedule.texts is not None:
            asked: Sequence[Text] = [(schedule.texts[i],)] * count
            key: tuple[Text, ...] | tuple[int, int] = (asked[0],) * count
        else:
            key = (at, count)
            asked = [texts[(at + j) % len(texts)] for j in range(count)]
            at = (at + count) % len(texts)
        if key not in requests:
            requests[key] = len(bodies)
            bodies.append(request(url, asked, fields))
        which[i] = requests[key]
    return bodies, which


def request(url: str, texts: Sequence[Text], fields: Mapping[str, object] | None = None) -> bytes:
    """Write the request that asks /v1/predict these texts; each is one, or two of a model that
    reads two. fields: what it says besides."""
    if len(texts) == 1:
        question: dict[str, object] = dict(zip(("text", "text_b"), texts[0], strict=False))
    else:
        question = {"texts": [text[0] if len(text) == 1 else list(text) for text in texts]}
    body = json.dumps({**question, **(fields or {})}).encode()
    head = (
        f"POST /v1/predict HTTP/1.1\r\nhost: {urlsplit(url).netloc}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body
