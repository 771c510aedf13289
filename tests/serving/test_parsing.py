"""Requests of bytes, by the parser and by heads that it knows."""

import pytest

httptools = pytest.importorskip("httptools")

from edgetext.serving.heads import Heads  # noqa: E402 (needs httptools)
from edgetext.serving.parsing import Requests, path_of  # noqa: E402

BODY = b'{"text": "a"}'


def requests(heads):
    """Give what reads bytes, and a list that gets (method, path, address, headers, body, keeps
    alive) of each request that is there."""
    reading, whole = [], []

    def ended():
        incoming, url = reading[-1]
        request = incoming.request
        whole.append(
            (request.method, request.path, url, request.headers, incoming.take(),
             incoming.keeps_alive, incoming.expects)
        )  # fmt: skip

    return Requests(heads, lambda *one: reading.append(one), ended, lambda: 0.0), whole


def post(headers=b"", body=BODY, line=b"POST /v1/%70redict?a=b HTTP/1.1"):
    return b"%s\r\nHost: a\r\nContent-Length: %d\r\n%s\r\n%s" % (line, len(body), headers, body)


EACH = [
    post(),
    post(b"X-Request-Id: 17\r\n"),
    post(body=b""),
    b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n",
    post(b"Connection: close\r\n"),
    post(b"Expect: 100-continue\r\n"),
    post(line=b"POST /v1/predict HTTP/1.0"),
    post(b"Connection: Upgrade\r\nUpgrade: h2c\r\n"),
    b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
]


@pytest.mark.parametrize("data", EACH)
def test_a_known_head_is_read_as_the_parser_reads_it(data):
    heads = Heads()
    first, before = requests(heads)
    first.feed(data)
    second, after = requests(heads)
    for number in range(1, 3):
        if b"HTTP/1.0" in data or b"close" in data:
            second, after = requests(heads)
            number = 1
        second.feed(data)
        assert after == before * number and len(before) == 1


def test_a_known_head_needs_no_parser():
    heads = Heads()
    first, _ = requests(heads)
    first.feed(post())
    second, whole = requests(heads)
    second.close()
    second.feed(post(body=b'{"text": "b"}'))
    assert [one[4] for one in whole] == [b'{"text": "b"}']


def test_bytes_in_a_request_are_not_taken_for_a_head():
    heads = Heads()
    first, _ = requests(heads)
    first.feed(post())
    second, whole = requests(heads)
    outer = post(body=post())
    second.feed(outer[: -len(post())])
    second.feed(post())
    assert [one[4] for one in whole] == [post()]


@pytest.mark.parametrize("special", [*EACH[4:], post() + post()])
def test_what_is_special_is_parsed_each_time(special):
    heads = Heads()
    first, _ = requests(heads)
    first.feed(special)
    found = heads.find(special)
    assert found is None or b"h2c" in special


def test_paths_are_decoded():
    assert path_of(b"/v1/%70redict?a=b") == "/v1/predict"
