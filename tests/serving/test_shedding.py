"""Requests that are refused before they are read."""

import asyncio
import json

import pytest

pytest.importorskip("prometheus_client")

from edgetext.serving.deployments import Deployment
from edgetext.serving.shedding import Door, Shedding, doors, is_whole
from edgetext.serving.waiting import Waiting

LINE = b"POST /v1/predict HTTP/1.1\r\n"


class Version:
    """A version of a model, of which `room` tells whether one more may wait."""

    def __init__(self, name="m", version="1", room=False):
        self.name, self.version = name, version
        self.waiting = Waiting(name, 1 if room else 0, 1, False)


def request(head=b"host: a\r\ncontent-length: 5\r\n", body=b"12345", line=LINE):
    return line + head + b"\r\n" + body


@pytest.mark.parametrize(
    "data",
    [
        request(),
        request(b"Content-Length:5  \r\nAccept: */*\r\n"),
        request(b"x:\r\ncontent-length: 0\r\n", b""),
    ],
)
def test_a_request_in_one_piece_is_whole(data):
    assert is_whole(data)


@pytest.mark.parametrize(
    "data",
    [
        request(body=b"1234"),
        request(body=b"123456"),
        request() + request(),
        request()[:-7],
        b"POST /v1/predict HTTP/1.1\r\ncontent-length: 5",
        b"",
        request(b"host: a\r\n", b""),
        request(b"content-length: 5\r\ncontent-length: 5\r\n"),
        request(b"content-length: +5\r\n"),
        request(b"content-length: 5, 5\r\n"),
        request(b"content-length: 5\r\nTransfer-Encoding: chunked\r\n"),
        request(b"content-length: 5\r\nconnection: close\r\n"),
        request(b"content-length: 5\r\nexpect: 100-continue\r\n"),
        request(b"content-length: 5\r\nupgrade: h2c\r\n"),
        # What another program on the way may read as a header of its own.
        request(b"content-length: 5\r\nx: y\ntransfer-encoding: chunked\r\n"),
        request(b"content-length: 5\r\nx: y\rtransfer-encoding: chunked\r\n"),
        request(b"content-length: 5\r\ntransfer-encoding : chunked\r\n"),
        request(b"content-length: 5\r\n transfer-encoding: chunked\r\n"),
        request(b"content-length: 5\r\nno header\r\n"),
        request(line=b"POST /v1/predict HTTP/1.0\r\n"),
        request(line=b"POST  HTTP/1.1\r\n"),
        request(b"x: " + b"y" * 3000 + b"\r\ncontent-length: 5\r\n"),
        # As many bytes as a head without a length would be short of.
        request(b"host: a\r\n", b"1" * 4096),
    ],
)
def test_what_is_more_or_less_or_not_plain_is_left_to_the_parser(data):
    assert not is_whole(data)


def test_one_model_is_full_by_itself_and_several_together():
    full, room = Deployment(Version("a")), Deployment(Version("b", room=True))
    by_path = doors({"a": full, "b": room})
    assert by_path[b"/v2/models/a/infer"].shut() is full.serving.waiting
    assert by_path[b"/v2/models/a/versions/1/infer"].shut() is full.serving.waiting
    assert by_path[b"/v2/models/b/infer"].shut() is None
    # Which model is asked is in the body.
    assert by_path[b"/v1/predict"].shut() is None
    room.serving.waiting.most = 0
    assert by_path[b"/v1/predict"].shut() is not None
    assert [by_path[path].model for path in (b"/v1/predict", b"/v2/models/a/infer")] == ["", "a"]


def test_whoever_may_be_chosen_has_to_be_full():
    deployment = Deployment(Version(), versions={"2": Version(version="2", room=True)})
    door = Door([deployment])
    # A version that stands beside, as of a shadow, answers nobody who does not ask for it.
    assert door.shut() is deployment.serving.waiting
    deployment.split = lambda request, serving: serving
    assert door.shut() is None and door.enter() is None
    deployment.versions["2"].waiting.most = 0
    assert door.shut() is not None and door.enter() is not None


def test_another_version_takes_the_place():
    deployment = Deployment(Version())
    door = Door([deployment])
    deployment.replace(Version(version="2", room=True))
    assert door.shut() is None


def test_a_place_is_kept_where_it_is_known_whose():
    one, other = Deployment(Version("a", room=True)), Deployment(Version("b", room=True))
    assert Door([one, other]).enter() is None
    assert not one.serving.waiting.full() and not other.serving.waiting.full()

    async def enter():
        assert Door([one]).enter() is None
        assert one.serving.waiting.full() and Door([one]).enter() is one.serving.waiting
        assert Door([one], Version("c", room=True)).enter() is None

    asyncio.run(enter())


def test_only_what_asks_a_full_model_is_refused():
    shedding = Shedding(lambda model, count: None)
    shedding.doors = doors({"m": Deployment(Version())})
    door, full = shedding.who_refuses(request())
    assert door.model == full.name == "m"
    for line in (
        b"GET /metrics HTTP/1.1\r\n",
        b"GET /v1/predict HTTP/1.1\r\n",
        b"POST /v1/feedback HTTP/1.1\r\n",
        b"POST /v1/predict",
    ):
        assert shedding.who_refuses(request(line=line)) is None
    full.most = 1
    assert shedding.who_refuses(request()) is None


def test_refusals_are_counted_together():
    noted = []
    shedding = Shedding(lambda model, count: noted.append((model, count)))
    door, other = Door([Deployment(Version("a"))]), Door([Deployment(Version("b"))])

    async def refuse():
        headers = [(b"date", b"today")]
        first = shedding.refuse(door, door.shut(), headers, stays=True)
        assert shedding.refuse(door, door.shut(), headers, stays=True) is first
        closing = shedding.refuse(other, other.shut(), headers, stays=False)
        later = shedding.refuse(door, door.shut(), [(b"date", b"tomorrow")], stays=True)
        return first, closing, later

    first, closing, later = asyncio.run(refuse())
    assert not noted
    shedding.flush()
    shedding.flush()
    assert noted == [("a", 3), ("b", 1)]
    head, _, body = first.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 429 ") and b"\r\nretry-after: 1" in head
    assert (
        f"content-length: {len(body)}".encode() in head
        and "wait for a" in json.loads(body)["error"]
    )
    assert b"connection: close" in closing and b"wait for b" in closing
    assert b"date: today" in first and b"date: tomorrow" in later
