"""A server that follows a stage: what it takes, what it refuses, and that it loses no request."""

import gc
import json
import re
import signal
import threading
import time
import weakref
from pathlib import Path
from types import SimpleNamespace

import httpx2
import pytest
from server_process import server

from edgetext.core.errors import EdgetextError
from edgetext.publishing.publish import candidate, publish
from edgetext.publishing.reference import Reference
from edgetext.publishing.repository import open_repository
from edgetext.serving.following import AGAIN, Follower, followers
from edgetext.serving.settings import Settings

QUESTION = {"text": "a cheap hotel in Rome?"}


@pytest.fixture
def published(tmp_path, monkeypatch, classify_files, batch_files):
    """A repository with two versions of `trips`, production at the first: repository, one, two,
    reference."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    repository = open_repository(str(tmp_path / "models"))
    versions = []
    for file in (classify_files.onnx, batch_files.classify):
        given = candidate(file, "trips")
        publish(repository, given)
        versions.append(given.manifest.version)
    repository.stage("trips", "production", versions[0])
    reference = Reference(repository.address, "trips", "production")
    one, two = versions
    return SimpleNamespace(repository=repository, one=one, two=two, reference=reference)


@pytest.fixture
def follower(published):
    return Follower(published.reference, "trips", Settings(()), [])


def files_of(published, version, name):
    folder = Path(published.repository.address, "trips/versions", version)
    return list(folder.rglob(name))


def test_it_gives_another_version_once(published, follower):
    served = follower.load()
    assert (served.name, served.version) == ("trips", published.one[:12])
    assert follower.newer() is None
    published.repository.stage("trips", "production", published.two)
    served = follower.newer()
    assert served.version == published.two[:12]
    assert served.answers([(b"a cheap hotel in Rome?",)])[0].intent == "hotel"
    assert follower.newer() is None
    published.repository.rollback("trips", "production")
    assert follower.newer().version == published.one[:12]


def damage(published):
    (path,) = files_of(published, published.two, "trips.onnx")
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def take_manifest(published):
    for path in files_of(published, published.two, "manifest.json"):
        path.unlink()


def break_manifest(published):
    for path in files_of(published, published.two, "manifest.json"):
        path.write_bytes(b"{}")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (damage, "is not the one that its manifest names"),
        (take_manifest, "was not published to the end"),
        (break_manifest, "manifest is damaged"),
    ],
)
def test_a_version_that_is_not_right_is_refused_once_and_taken_when_it_is_mended(
    published, follower, monkeypatch, spoil, words
):
    follower.load()
    published.repository.stage("trips", "production", published.two)
    files = {x: x.read_bytes() for x in files_of(published, published.two, "*.*")}
    spoil(published)
    with pytest.raises(EdgetextError, match=words):
        follower.newer()
    assert follower.newer() is None
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + AGAIN + 1)
    assert follower.newer() is None
    for path, content in files.items():
        path.write_bytes(content)
    monkeypatch.setattr(time, "monotonic", lambda: now + 3 * AGAIN)
    assert follower.newer().version == published.two[:12]


def test_a_version_that_is_not_signed_is_refused(published, tmp_path):
    pytest.importorskip("cryptography", reason="signatures need cryptography")
    from edgetext.publishing import signing

    private, public = signing.new_key()
    (tmp_path / "k.pem").write_bytes(private)
    (tmp_path / "k.pub.pem").write_bytes(public)
    key = signing.private_key(tmp_path / "k.pem", str)
    repository = published.repository
    repository.add_signature("trips", published.one, *signing.sign(key, "trips", published.one))
    settings = Settings(
        (), published=((published.reference, None),), trusted_keys=(tmp_path / "k.pub.pem",)
    )
    (follower,) = followers(settings)
    follower.load()
    repository.stage("trips", "production", published.two)
    with pytest.raises(EdgetextError, match="has signed it"):
        follower.newer()
    # The signature of another file.
    repository.add_signature("trips", published.two, *signing.sign(key, "trips", published.one))
    with pytest.raises(EdgetextError, match="is not of this file and name"):
        followers(settings)[0].load()


def test_a_stage_that_is_away_for_a_while_changes_nothing(published, follower):
    follower.load()
    folder = Path(published.repository.address)
    stages = folder / "trips/stages/production"
    away = stages.rename(folder / "away")
    stages.write_text("a file")
    assert follower.newer() is None  # as a stage that is not there
    stages.unlink()
    away.rename(stages)
    published.repository.stage("trips", "production", published.two)
    assert follower.newer().version == published.two[:12]


def test_a_stage_that_is_not_there_stops_the_start(published):
    reference = Reference(published.repository.address, "trips", "live")
    with pytest.raises(EdgetextError, match="has the stages production"):
        Follower(reference, "trips", Settings(()), []).load()


def test_a_version_goes_with_whoever_asks_it_last(published, follower):
    """Without the collector, which a server keeps from what it started with."""
    served = follower.load()
    gone = [weakref.ref(served), weakref.ref(served.predictor), weakref.ref(served.waiting)]
    answers = served.answers
    gc.collect()
    gc.disable()
    try:
        del served
        assert answers([(b"a",)])
        del answers
        assert [reference() for reference in gone] == [None] * 3
    finally:
        gc.enable()


class Load(threading.Thread):
    """Asks again and again on a connection of its own."""

    def __init__(self, address):
        super().__init__()
        self.address = address
        self.statuses, self.versions, self.broken = [], set(), []
        self.end = threading.Event()

    def run(self):
        infer = {"inputs": [{"name": "text", "datatype": "BYTES", "shape": [1], "data": ["a"]}]}
        with httpx2.Client() as client:
            while not self.end.is_set():
                try:
                    first = client.post(f"{self.address}/v1/predict", json=QUESTION)
                    second = client.post(f"{self.address}/v2/models/trips/infer", json=infer)
                except httpx2.TransportError as error:
                    self.broken.append(error)
                    return
                self.statuses += [first.status_code, second.status_code]
                self.versions.add(second.json()["model_version"])


def has_asked(load, before):
    """Whether it has asked twice more, or cannot."""
    return len(load.statuses) > before + 2 or bool(load.broken)


def wait_for(condition):
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen within a minute")


def test_swaps_under_load_lose_no_request(published):
    repository = published.repository
    with server(published.reference, "--poll", "0.1", "--no-log") as (process, address, _):
        loads = [Load(address) for _ in range(4)]
        for load in loads:
            load.start()

        def version():
            return httpx2.get(f"{address}/v2/models/trips").json()["versions"]

        wait_for(lambda: min(len(load.statuses) for load in loads) > 10)
        for number in range(5):
            to = (published.two, published.one)[number % 2]
            repository.stage("trips", "production", to)
            wait_for(lambda to=to: version() == [to[:12]])
            asked = [len(load.statuses) for load in loads]
            wait_for(lambda asked=asked: all(map(has_asked, loads, asked)))
        for load in loads:
            load.end.set()
        for load in loads:
            load.join()
        lines = httpx2.get(f"{address}/metrics").text.splitlines()
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    assert [load.broken for load in loads] == [[]] * 4
    assert {status for load in loads for status in load.statuses} == {200}
    for load in loads:
        assert load.versions == {published.one[:12], published.two[:12]}
    assert 'edgetext_swaps_total{model="trips"} 5.0' in lines
    assert process.returncode == 0 and "Traceback" not in err


def test_a_refused_version_is_said_once_and_counted(published):
    damage(published)
    with server(published.reference, "--poll", "0.1") as (process, address, out):
        published.repository.stage("trips", "production", published.two)

        def refused():
            page = httpx2.get(f"{address}/metrics").text
            return re.search(r'edgetext_refused_versions_total\{model="trips"\} 1', page)

        wait_for(refused)
        time.sleep(0.5)
        assert httpx2.post(f"{address}/v1/predict", json=QUESTION).status_code == 200
        versions = httpx2.get(f"{address}/v2/models/trips").json()["versions"]
        assert versions == [published.one[:12]]
        assert refused()
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
        assert json.loads(out.read_text().splitlines()[-1])["status"] == 200
    assert err.count("is not the one that its manifest names") == 1
    assert process.returncode == 0


@pytest.mark.slow
def test_each_worker_follows_by_itself(published):
    with server(published.reference, "--poll", "0.1", "--workers", 2) as (process, address, _):

        def seen():
            # A connection of its own each, so that the kernel chooses among the workers.
            try:
                asked = [httpx2.get(f"{address}/v2/models/trips").json() for _ in range(20)]
            except httpx2.TransportError:
                return set()
            return {answer["versions"][0] for answer in asked}

        wait_for(lambda: seen() == {published.one[:12]})
        published.repository.stage("trips", "production", published.two)
        wait_for(lambda: seen() == {published.two[:12]})
        wait_for(lambda: 'edgetext_swaps_total{model="trips"} 2.0'
                 in httpx2.get(f"{address}/metrics").text)  # fmt: skip
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0
