"""Load from a process of its own, on servers of the standard library."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

pytest.importorskip("httptools")
pytest.importorskip("uvloop")

from edgetext.core.errors import EdgetextError
from edgetext.loadtest.arrivals import Schedule, pattern_of
from edgetext.loadtest.generator import run, saturate


@contextmanager
def answering(status_of):
    """A server whose status is what a function says of the text; None: it hangs up."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            length = int(self.headers["content-length"])
            status = status_of(json.loads(self.rfile.read(length))["text"])
            if status is None:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *arguments):
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 256
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def at(times, texts=None):
    return Schedule(
        np.asarray(times, float), np.ones(len(times), np.int64), max(times) + 0.1, texts
    )


def test_statuses_are_those_of_the_server_and_a_hang_up_is_a_failure():
    texts = ["200", "429", "", "200"]
    with answering(lambda text: int(text) if text else None) as url:
        result = run(url, at([0, 0.01, 0.02, 0.03], texts), [], connections=2)
    assert result.status.tolist() == [200, 429, 0, 200]
    assert result.failures == {"closed by the server": 1}
    assert np.isnan(result.latency).tolist() == [False, False, True, False]


def test_requests_go_out_when_due_whatever_is_outstanding():
    # None is answered before all are there: who waits for an answer first would wait for ever.
    everyone = threading.Barrier(12)

    def status(text):
        everyone.wait(60)
        return 200

    with answering(status) as url:
        result = run(url, at(np.linspace(0, 0.2, 12)), [("a",)], connections=2)
    assert result.statuses() == {"200": 12}
    # A request's time counts from when it was due, so that the first waited for the last.
    assert result.latency[0] >= 0.2


def test_a_closed_loop_has_one_request_a_connection():
    under_way, most = [0], [0]
    lock = threading.Lock()

    def status(text):
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        with lock:
            under_way[0] -= 1
        return 200

    with answering(status) as url:
        result = saturate(url, 0.3, [("a",)], connections=1)
    assert most == [1]
    assert set(result.statuses()) == {"200"} and len(result) > 1
    assert (result.late == 0).all()


def test_a_request_without_an_answer_is_given_up():
    never = threading.Event()
    with answering(lambda text: 200 if never.wait(60) else 500) as url:
        result = run(url, at([0]), [("a",)], timeout=0.1)
        never.set()
    assert result.failures == {"timed out": 1}


def test_who_watches_is_told_the_time():
    seen = []
    with answering(lambda text: 200) as url:
        run(url, at([0, 0.3]), [("a",)], watch=seen.append)
    assert seen == sorted(seen) and seen


def test_no_server_is_an_error_in_words():
    with answering(lambda text: 200) as url:
        pass
    with pytest.raises(EdgetextError, match=f"no load could be put on {url}: .*refused"):
        run(url, at([0]), [("a",)])


def test_an_empty_load_is_refused():
    schedule = pattern_of("poisson:rate=0.001").schedule(0.1, 0)
    with pytest.raises(EdgetextError, match="the load has no request"):
        run("http://127.0.0.1:1", schedule, [("a",)])
