"""HTTP/1.1 as it comes over a socket: in pieces, several requests at once, and what is none."""

import io
import json
import socket
import threading
import time
from contextlib import contextmanager

import pytest

from edgetext.serving.request_log import RequestLog
from edgetext.serving.settings import Limits

uvicorn = pytest.importorskip("uvicorn")

from edgetext.serving.parsing import MOST_HEAD  # noqa: E402 (needs httptools)

TEXT = "a cheap hotel in Rome?"


@contextmanager
def listening(app, connections=None):
    """Serve an application over HTTP in a thread; give its address. connections: a set that has
    those that are open."""
    from edgetext.serving.process import bound, http_config

    http = bound("127.0.0.1", 0)
    server = uvicorn.Server(http_config(app))
    if connections is not None:
        server.server_state.connections = connections
    thread = threading.Thread(target=server.run, args=([http],))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield http.getsockname()
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def address(serve, classify_files):
    app = serve(classify_files.onnx, limits=Limits(body=200_000, deadline=2)).application
    with listening(app) as where:
        yield where


@pytest.fixture
def connected(address):
    with socket.create_connection(address, timeout=20) as client:
        yield client


def request(text=TEXT, method=b"POST", path=b"/v1/predict", headers=b"", version=b"1.1"):
    body = json.dumps({"text": text}).encode() if method == b"POST" else b""
    length = b"content-length: %d\r\n" % len(body) if body else b""
    return b"%s %s HTTP/%s\r\nhost: a\r\n%s%s\r\n%s" % (
        method,
        path,
        version,
        headers,
        length,
        body,
    )


class Reader:
    """Reads responses from a socket."""

    def __init__(self, client):
        self.file = client.makefile("rb")

    def response(self, with_body=True):
        """Give the status, the headers and the body; None where the connection is closed."""
        line = self.file.readline()
        if not line:
            return None
        headers = {}
        while (row := self.file.readline()) not in (b"\r\n", b""):
            name, _, value = row.decode().partition(": ")
            headers[name] = value.strip()
        body = self.file.read(int(headers.get("content-length", 0))) if with_body else b""
        return int(line.split()[1]), headers, body


def text_of(response):
    status, _, body = response
    assert status == 200, body
    return json.loads(body)["text"]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_request_comes_in_pieces_of_any_size(connected, size):
    content = request()
    for at in range(0, len(content), size):
        connected.sendall(content[at : at + size])
        if size > 1:
            time.sleep(0.01)
    assert text_of(Reader(connected).response()) == TEXT


def test_a_connection_is_kept_and_answers_have_a_date(connected):
    reader = Reader(connected)
    for number in range(5):
        connected.sendall(request(f"text {number}"))
        response = reader.response()
        assert text_of(response) == f"text {number}"
        assert "date" in response[1] and "connection" not in response[1]


def test_several_texts_of_one_request_are_answered_where_nobody_waits(connected):
    reader = Reader(connected)
    texts = [f"text {number}" for number in range(5)]
    body = json.dumps({"texts": texts}).encode()
    head = b"POST /v1/predict HTTP/1.1\r\nhost: a\r\ncontent-length: %d\r\n\r\n" % len(body)
    for _ in range(3):
        connected.sendall(head + body)
        status, _, content = reader.response()
        assert status == 200
        assert [one["text"] for one in json.loads(content)["answers"]] == texts


def test_what_was_answered_is_counted_when_the_answer_is_there(serve, classify_files):
    app = serve(classify_files.onnx).application
    with listening(app) as where, socket.create_connection(where, timeout=20) as client:
        reader = Reader(client)
        for number in range(1, 4):
            client.sendall(request())
            assert text_of(reader.response()) == TEXT
            client.sendall(request(method=b"GET", path=b"/metrics"))
            line = f'status="200"}} {number}.0'
            assert line in reader.response()[2].decode()


def test_requests_that_are_sent_at_once_are_answered_in_their_order(connected):
    texts = [f"text {number}" for number in range(50)]
    connected.sendall(b"".join(map(request, texts)))
    reader = Reader(connected)
    assert [text_of(reader.response()) for _ in texts] == texts


def test_who_says_no_more_is_answered_and_the_connection_closed(connected):
    connected.sendall(request("a") + request("b"))
    connected.shutdown(socket.SHUT_WR)
    reader = Reader(connected)
    assert [text_of(reader.response()) for _ in "ab"] == ["a", "b"]
    assert reader.response() is None


def test_who_goes_in_the_middle_of_a_body_is_let_go(connected, address):
    connected.sendall(request()[:-5])
    connected.shutdown(socket.SHUT_WR)
    assert Reader(connected).response() is None
    with socket.create_connection(address, timeout=20) as other:
        other.sendall(request())
        assert text_of(Reader(other).response()) == TEXT


def test_a_chunked_body_is_joined(connected):
    body = json.dumps({"text": TEXT}).encode()
    head = b"POST /v1/predict HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n"
    connected.sendall(head)
    for at in range(0, len(body), 9):
        part = body[at : at + 9]
        connected.sendall(b"%x\r\n%s\r\n" % (len(part), part))
        time.sleep(0.01)
    connected.sendall(b"0\r\n\r\n")
    assert text_of(Reader(connected).response()) == TEXT


def test_a_client_that_expects_100_is_told_to_continue(connected):
    content = request(headers=b"expect: 100-continue\r\n")
    head, body = content[: -len(TEXT) - 12], content[-len(TEXT) - 12 :]
    assert head.endswith(b"\r\n\r\n")
    connected.sendall(head)
    reader = Reader(connected)
    assert reader.response()[0] == 100
    connected.sendall(body)
    assert text_of(reader.response()) == TEXT


def test_a_client_that_expects_100_is_refused_before_it_sends(connected):
    head = b"POST /nothing HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n"
    connected.sendall(head)
    reader = Reader(connected)
    assert reader.response()[0] == 404
    connected.sendall(b"x" * 9 + request())
    assert text_of(reader.response()) == TEXT


@pytest.mark.parametrize(
    ("version", "headers"), [(b"1.0", b""), (b"1.1", b"connection: close\r\n")]
)
def test_a_connection_is_closed_where_that_is_asked(connected, version, headers):
    connected.sendall(request(version=version, headers=headers))
    reader = Reader(connected)
    response = reader.response()
    assert text_of(response) == TEXT and response[1]["connection"] == "close"
    assert reader.response() is None


def test_the_answer_to_head_has_no_body(connected):
    reader = Reader(connected)
    for _ in range(2):
        connected.sendall(request(method=b"HEAD", path=b"/v2/health/ready"))
        status, headers, _ = reader.response(with_body=False)
        assert status == 200 and headers["content-length"] == "14"


def test_a_large_body_is_refused_and_the_next_request_answered(connected):
    reader = Reader(connected)
    for length in (b"content-length: 300000\r\n\r\n", None):
        head = b"POST /v1/predict HTTP/1.1\r\nhost: a\r\n"
        if length:
            connected.sendall(head + length)
            assert reader.response()[0] == 413
            for _ in range(30):
                connected.sendall(b"x" * 10_000)
                time.sleep(0.001)
        else:
            connected.sendall(head + b"transfer-encoding: chunked\r\n\r\n")
            for _ in range(5):
                connected.sendall(b"%x\r\n%s\r\n" % (60_000, b"x" * 60_000))
            connected.sendall(b"0\r\n\r\n")
            assert reader.response()[0] == 413
        connected.sendall(request())
        assert text_of(reader.response()) == TEXT


def test_who_goes_after_a_refusal_is_let_go(serve, classify_files):
    app = serve(classify_files.onnx).application
    with listening(app, connections := set()) as where:
        for _ in range(5):
            with socket.create_connection(where, timeout=20) as client:
                client.sendall(request("x" * 1_100_000))
                assert Reader(client).response()[0] == 413
        end = time.monotonic() + 3
        while connections and time.monotonic() < end:
            time.sleep(0.01)
        assert not connections


def whole_head(headers=b""):
    """Give a request up to its body."""
    content = request(headers=headers)
    return content[: content.index(b"\r\n\r\n") + 4]


CHUNKED = b"POST /v1/predict HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("begin", [request()[:-5], whole_head(), CHUNKED, CHUNKED + b"5\r\n"])
def test_a_body_that_does_not_come_is_given_up(connected, begin):
    connected.sendall(begin)
    status, _, body = Reader(connected).response()
    assert status == 504 and b"was not there within 2 seconds" in body


def test_a_wish_for_another_protocol_is_passed_over(connected):
    wish = b"connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AA\r\n"
    reader = Reader(connected)
    connected.sendall(request("a", headers=wish) + request("b"))
    assert [text_of(reader.response()) for _ in "ab"] == ["a", "b"]
    connected.sendall(request(method=b"GET", path=b"/v2", headers=wish))
    assert reader.response()[0] == 200
    content = request("c", headers=wish + b"expect: 100-continue\r\n")
    at = content.index(b"\r\n\r\n") + 4
    connected.sendall(content[:at])
    assert reader.response()[0] == 100
    connected.sendall(content[at:])
    assert text_of(reader.response()) == "c"
    closing = wish.replace(b"upgrade,", b"close, upgrade,")
    connected.sendall(request("d", headers=closing))
    assert text_of(reader.response()) == "d" and reader.response() is None


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"POST\r\n\r\n",
        b"CONNECT host:80 HTTP/1.1\r\nhost: host:80\r\n\r\n",
        b"GET \xff HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET host:80 HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET / HTTP/9.9\r\nhost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost : a\r\nb\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        b"POST /v1/predict HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
    ],
)
def test_what_is_no_request_is_refused_after_those_before_it(connected, content):
    connected.sendall(request() + content)
    reader = Reader(connected)
    assert text_of(reader.response()) == TEXT
    status, headers, body = reader.response()
    assert status == 400 and headers["connection"] == "close" and json.loads(body)["error"]
    assert reader.response() is None


def test_a_head_without_an_end_is_refused(connected):
    connected.sendall(b"GET / HTTP/1.1\r\nx: " + b"y" * 100_000)
    assert Reader(connected).response()[0] == 431


def head_of(size):
    """Give a request whose first line and headers have so many bytes together."""
    content = request(method=b"GET", path=b"/v2", headers=b"x: \r\n")
    return content.replace(b"x: ", b"x: " + b"y" * (size - len(content)))


@pytest.mark.parametrize("size", [1000, 40_000, 1 << 20])
def test_a_head_is_refused_by_its_size_however_it_comes(connected, size):
    reader = Reader(connected)
    for content in (head_of(MOST_HEAD), head_of(MOST_HEAD + 1)):
        for at in range(0, len(content), size):
            connected.sendall(content[at : at + size])
            time.sleep(0.001)
        status, headers, body = reader.response()
        assert status == (200 if len(content) == MOST_HEAD else 431), body
    assert headers["connection"] == "close" and b"65,536 bytes" in body
    assert reader.response() is None


def test_a_large_head_behind_another_request_is_refused(connected):
    connected.sendall(request() + head_of(MOST_HEAD + 1) + request())
    reader = Reader(connected)
    assert text_of(reader.response()) == TEXT
    assert reader.response()[0] == 431
    assert reader.response() is None


def test_a_client_that_is_told_to_continue_and_does_not_is_given_up(connected):
    connected.sendall(whole_head(b"expect: 100-continue\r\n"))
    reader = Reader(connected)
    assert [reader.response()[0] for _ in range(2)] == [100, 504]


@pytest.mark.parametrize("chunk", [b"0\r\nx: ", b"5;x="])
@pytest.mark.parametrize(("path", "first"), [(b"/v1/predict", 100), (b"/nothing", 404)])
def test_what_stands_beside_a_body_without_an_end_is_refused(
    serve, classify_files, chunk, path, first
):
    app = serve(classify_files.onnx, limits=Limits(deadline=0)).application
    head = CHUNKED.replace(b"/v1/predict", path)
    head = head.replace(b"host: a", b"host: a\r\nexpect: 100-continue")
    with listening(app) as where, socket.create_connection(where, timeout=20) as client:
        reader = Reader(client)
        client.sendall(head)
        # So that what comes next is read by itself.
        assert reader.response()[0] == first
        client.sendall(chunk + b"y" * MOST_HEAD)
        status, _, body = reader.response()
        assert status == 431 and b"65,536 bytes" in body
        assert reader.response() is None


def test_a_header_behind_a_body_is_none_of_the_request(serve, classify_files):
    token = b"authorization: Bearer abc\r\n"
    app = serve(classify_files.onnx, token="abc").application
    body = json.dumps({"text": TEXT}).encode()
    chunks = b"%x\r\n%s\r\n0\r\n" % (len(body), body)
    head = CHUNKED.removesuffix(b"\r\n")
    with listening(app) as where, socket.create_connection(where, timeout=20) as client:
        reader = Reader(client)
        client.sendall(CHUNKED + chunks + token + b"\r\n")
        assert reader.response()[0] == 401
        client.sendall(head + token + b"\r\n" + chunks + b"x: 1\r\n\r\n")
        assert text_of(reader.response()) == TEXT


@pytest.mark.slow
def test_a_silent_connection_is_closed(connected):
    connected.sendall(request())
    reader = Reader(connected)
    assert text_of(reader.response()) == TEXT
    begin = time.monotonic()
    assert reader.response() is None
    assert time.monotonic() - begin < 20


def test_bad_requests_are_lines_and_counts_and_nothing_on_stderr(serve, classify_files, capfd):
    import io

    from edgetext.serving.request_log import RequestLog

    stream = io.StringIO()
    client = serve(classify_files.onnx, log=RequestLog(stream=stream))
    with listening(client.application) as where, socket.create_connection(where) as one:
        one.sendall(b"nonsense\r\n\r\n")
        assert Reader(one).response()[0] == 400
    client.application.log.flush()
    (line,) = map(json.loads, stream.getvalue().splitlines())
    assert line["status"] == 400 and "HTTP/1.1" in line["error"]
    assert 'edgetext_requests_total{model="",status="400"} 1.0' in client.get("/metrics").text
    assert capfd.readouterr().err == ""


@pytest.fixture
def full(serve, classify_files):
    """An application whose model has room for nobody, and the address at which it is served."""
    app = serve(classify_files.onnx, limits=Limits(waiting=0)).application
    with listening(app) as where:
        yield app, where


def refused(response):
    status, headers, body = response
    return status == 429 and headers["retry-after"] == "1" and b"too many" in body


@pytest.mark.parametrize("size", [7, 120, 10_000])
def test_what_a_full_model_is_asked_is_refused_in_pieces_of_any_size(full, size):
    app, where = full
    with socket.create_connection(where, timeout=20) as client:
        reader, content = Reader(client), request()
        for _ in range(3):
            for at in range(0, len(content), size):
                client.sendall(content[at : at + size])
                time.sleep(0.002)
            assert refused(reader.response())
        client.sendall(3 * content + request(method=b"GET", path=b"/v2/health/ready"))
        assert [reader.response()[0] for _ in range(4)] == [429, 429, 429, 200]
        client.sendall(request(method=b"GET", path=b"/metrics"))
        page = reader.response()[2].decode()
        assert 'edgetext_requests_total{model="classify",status="429"} 6.0' in page
        assert 'edgetext_rejected_total{model="classify",why="queue"} 6.0' in page
        next(iter(app.deployments.values())).serving.waiting.most = 1
        client.sendall(content)
        assert text_of(reader.response()) == TEXT


def test_a_full_model_refuses_before_a_body_is_sent(full):
    _, where = full
    with socket.create_connection(where, timeout=20) as client:
        reader = Reader(client)
        content = request("x" * 100_000, headers=b"expect: 100-continue\r\n")
        at = content.index(b"\r\n\r\n") + 4
        client.sendall(content[:at])
        assert refused(reader.response())
        client.sendall(content[at:])
        client.sendall(request(headers=b"connection: close\r\n"))
        response = reader.response()
        assert refused(response) and response[1]["connection"] == "close"
        assert reader.response() is None


def test_what_waits_behind_an_answer_is_refused_in_its_order(full):
    app, where = full
    (deployment,) = app.deployments.values()
    with socket.create_connection(where, timeout=20) as client:
        reader = Reader(client)
        get = request(method=b"GET", path=b"/v2")
        client.sendall(get + request() + get + request() + request())
        assert [reader.response()[0] for _ in range(5)] == [200, 429, 200, 429, 429]
        client.sendall(request())
        client.shutdown(socket.SHUT_WR)
        assert refused(reader.response())
        assert reader.response() is None
    assert deployment.serving.waiting.pace == 0


def test_refusals_are_one_line(serve, classify_files):
    import io

    stream = io.StringIO()
    log, limits = RequestLog(stream=stream), Limits(waiting=0)
    app = serve(classify_files.onnx, log=log, limits=limits).application
    with listening(app) as where, socket.create_connection(where, timeout=20) as client:
        reader = Reader(client)
        for _ in range(5):
            client.sendall(request())
            assert refused(reader.response())
        client.sendall(request(method=b"GET", path=b"/metrics"))
        assert reader.response()[0] == 200
    log.flush()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    shed = [line for line in lines if line["status"] == 429]
    assert sum(line["requests"] for line in shed) == 5
    assert {line["model"] for line in shed} == {"classify"}


def send_until_nobody_reads(client, connections):
    """Ask for answers that are much longer than their requests until one waits to be read."""
    content = request(method=b"GET", path=b"/openapi.json") * 100
    while not connections or not any(one._write_paused for one in connections):
        try:
            client.send(content)
        except BlockingIOError:
            time.sleep(0.01)


def test_who_never_reads_is_let_go(serve, classify_files, monkeypatch):
    from edgetext.serving import connection

    monkeypatch.setattr(connection, "SILENT_SECONDS", 0.1)
    monkeypatch.setattr(connection, "UNREAD_SECONDS", 0.5, raising=False)
    connections = set()
    app = serve(classify_files.onnx).application
    with listening(app, connections) as where, socket.create_connection(where) as client:
        client.setblocking(False)
        send_until_nobody_reads(client, connections)
        for _ in range(1000):
            if not connections:
                break
            time.sleep(0.01)
        assert not connections


@pytest.fixture
def short_grace(monkeypatch):
    """A server that says where it waits for its clients longer than a moment."""
    from edgetext.serving import connection, process

    monkeypatch.setattr(process, "GRACE", 5)
    monkeypatch.setattr(connection, "ENDING_SECONDS", 0.1)


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nhost", request()[:-5], request()])
def test_a_server_that_ends_waits_for_nobody_who_sends_nothing(
    serve, classify_files, capfd, short_grace, sent
):
    app = serve(classify_files.onnx, limits=Limits(deadline=0)).application
    with listening(app, connections := set()) as where:
        client = socket.create_connection(where, timeout=20)
        client.sendall(sent)
        while not connections:
            time.sleep(0.01)
    assert capfd.readouterr().err == ""
    client.close()


def test_a_server_that_ends_waits_for_nobody_who_does_not_read(
    serve, classify_files, capfd, short_grace
):
    app = serve(classify_files.onnx).application
    with listening(app, connections := set()) as where:
        client = socket.create_connection(where, timeout=20)
        client.setblocking(False)
        send_until_nobody_reads(client, connections)
    assert capfd.readouterr().err == ""
    client.close()


def test_a_server_that_ends_finishes_a_request_that_is_sent(serve, classify_files, monkeypatch):
    from edgetext.serving import connection

    monkeypatch.setattr(connection, "ENDING_SECONDS", 1000.0)
    app = serve(classify_files.onnx, limits=Limits(deadline=0)).application
    with (
        listening(app, connections := set()) as where,
        socket.create_connection(where, timeout=20) as client,
    ):
        content = request()
        client.sendall(content[:-5])
        while not any(one._current for one in connections):
            time.sleep(0.01)
        (one,) = connections
        one._loop.call_soon_threadsafe(one.shutdown)
        while one._stays:
            time.sleep(0.01)
        client.sendall(content[-5:])
        reader = Reader(client)
        response = reader.response()
        assert text_of(response) == TEXT and response[1]["connection"] == "close"
        assert reader.response() is None


def test_who_comes_while_a_server_ends_is_not_kept(serve, classify_files, monkeypatch):
    from edgetext.serving import connection

    monkeypatch.setattr(connection, "SILENT_SECONDS", 1000.0)
    app = serve(classify_files.onnx).application
    with listening(app) as where:
        app.ending = True
        with socket.create_connection(where, timeout=20) as client:
            assert Reader(client).response() is None


def test_requests_that_are_wrong_lock_nobody_out(serve, classify_files):
    limits = Limits(waiting=4)
    app = serve(f"{classify_files.onnx}=m", limits=limits).application
    with listening(app) as where, socket.create_connection(where, timeout=20) as client:
        reader = Reader(client)
        for path in (b"/v1/predict", b"/v2/models/m/infer"):
            for _ in range(3 * limits.waiting):
                client.sendall(b"POST %s HTTP/1.1\r\ncontent-length: 2\r\n\r\n{]" % path)
                assert reader.response()[0] == 400
        client.sendall(request())
        assert text_of(reader.response()) == TEXT


def test_any_number_of_requests_is_sent_at_once(connected):
    count = 3000
    reader = Reader(connected)
    # The first one is no model's, so that the others wait behind it.
    begin = request(method=b"GET", path=b"/v2")
    connected.sendall(begin + b"POST /v1/predict HTTP/1.1\r\n\r\n" * count + request())
    assert reader.response()[0] == 200
    assert {reader.response()[0] for _ in range(count)} == {400}
    assert text_of(reader.response()) == TEXT


@pytest.mark.parametrize(
    ("version", "headers"),
    [(b"1.1", b"connection: close\r\n"), (b"1.0", b"connection: keep-alive\r\n")],
)
def test_what_stands_behind_the_last_request_is_not_answered(
    serve, classify_files, version, headers
):
    app = serve(classify_files.onnx).application
    noted = []
    app.note = lambda request, status, error="": noted.append(int(status))
    with listening(app) as where, socket.create_connection(where, timeout=20) as client:
        client.sendall(request(version=version, headers=headers) + request() + request())
        reader = Reader(client)
        assert text_of(reader.response()) == TEXT
        assert reader.response() is None
    assert noted == [200]


@pytest.mark.parametrize("field", ["name", "datatype"])
def test_a_surrogate_in_what_is_refused_is_said_as_it_came(serve, classify_files, field):
    log = RequestLog(stream=io.StringIO())
    app = serve(f"{classify_files.onnx}=m", log=log).application
    tensor = {"name": "text", "shape": [1], "datatype": "BYTES", "data": ["a"], field: "\ud800"}
    body = json.dumps({"inputs": [tensor]}).encode()
    head = b"POST /v2/models/m/infer HTTP/1.1\r\ncontent-length: %d\r\n\r\n" % len(body)
    with listening(app) as where, socket.create_connection(where, timeout=20) as client:
        reader = Reader(client)
        client.sendall(head + body)
        status, _, content = reader.response()
        assert status == 400 and "\ud800" in json.loads(content)["error"]
        client.sendall(request())
        assert text_of(reader.response()) == TEXT


def test_where_an_answer_fails_the_connection_is_closed(serve, classify_files, capfd):
    app = serve(classify_files.onnx).application
    app.respond = None
    with listening(app) as where, socket.create_connection(where, timeout=20) as client:
        client.sendall(request())
        assert Reader(client).response() is None
    assert "TypeError" in capfd.readouterr().err


def test_a_known_head_with_another_token_is_another_head(serve, classify_files):
    app = serve(classify_files.onnx, token="right").application
    with listening(app) as where:
        for _ in range(2):
            with socket.create_connection(where, timeout=20) as client:
                reader = Reader(client)
                for token, status in ((b"right", 200), (b"wrong", 401)) * 2:
                    client.sendall(request(headers=b"authorization: Bearer %s\r\n" % token))
                    assert reader.response()[0] == status
                client.sendall(request())
                assert reader.response()[0] == 401


def test_requests_of_one_head_have_ids_of_their_own(connected):
    reader = Reader(connected)
    ids = []
    for _ in range(3):
        connected.sendall(request())
        ids.append(reader.response()[1]["x-request-id"])
    assert len(set(ids)) == 3
