"""Published models that are judged: which version, and what happens when a stage moves."""

import time
from types import SimpleNamespace

import httpx2
import pytest
from server_process import server

from edgetext.core.errors import EdgetextError
from edgetext.publishing.publish import candidate, publish
from edgetext.publishing.reference import Reference, read_reference
from edgetext.publishing.repository import open_repository
from edgetext.serving.live.fixing import fixed
from edgetext.serving.live.pairs import load_pairs
from edgetext.serving.live.settings import Candidate, LiveSettings
from edgetext.serving.settings import Settings

pytest.importorskip("uvicorn")
HOTEL = "a cheap hotel in Rome?"


@pytest.fixture
def published(tmp_path, monkeypatch, classify_files, weak):
    """A repository with two versions of `trips`, production at the good one and staging at the weak
    one: repository, production, staging (references), whole (versions of both), versions (as they
    are shown)."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    repository = open_repository(str(tmp_path / "models"))
    whole = []
    for file, stage in ((classify_files.onnx, "production"), (weak, "staging")):
        given = candidate(file, "trips")
        publish(repository, given)
        repository.stage("trips", stage, given.manifest.version)
        whole.append(given.manifest.version)
    stages = [Reference(repository.address, "trips", x) for x in ("production", "staging")]
    return SimpleNamespace(
        repository=repository,
        production=stages[0],
        staging=stages[1],
        whole=whole,
        versions=[x[:12] for x in whole],
    )


def settings_of(published, **fields):
    live = LiveSettings(canaries=(Candidate(None, None, published.staging),))
    return Settings((), published=((published.production, None),), live=live, **fields)


def test_versions_are_those_that_the_stages_name_at_the_start(published):
    settings = settings_of(published)
    live = fixed(settings, settings.live)
    published.repository.stage("trips", "production", published.whole[1])
    pair = load_pairs(settings, live)["trips"]
    assert [pair.version, pair.candidate_version] == published.versions
    assert all(x.path.is_file() for x in (*live.published, *live.canaries))


def test_a_stage_that_is_not_there_is_said(published):
    settings = settings_of(published)
    nothing = read_reference(f"{published.repository.address}#trips@nothing")
    with pytest.raises(EdgetextError, match="nothing"):
        fixed(settings, LiveSettings(shadows=(Candidate(None, None, nothing),)))


def test_a_version_that_no_trusted_key_has_signed_is_refused(published, tmp_path):
    pytest.importorskip("cryptography")
    from edgetext.publishing.signing import new_key

    public = tmp_path / "release.pub.pem"
    public.write_bytes(new_key()[1])
    settings = settings_of(published, trusted_keys=(public,))
    with pytest.raises(EdgetextError, match="sign"):
        fixed(settings, settings.live)


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_canary_rests_while_another_version_serves(published, workers):
    options = ("--canary", published.staging, "--percent", 50, "--guard", "errors=0.5", "--nice", 0)
    server_options = ("--poll", "0.1", "--no-log", "--workers", workers)
    with server(published.production, *options, *server_options) as (_, address, _):

        def who_answers():
            # A connection of its own each, so that the kernel chooses among the workers.
            answers = [
                httpx2.post(f"{address}/v1/predict", json={"text": HOTEL}) for _ in range(40)
            ]
            assert {answer.status_code for answer in answers} == {200}
            return {answer.headers["x-model-version"] for answer in answers}

        def wait_until(holds):
            for _ in range(600):
                if holds():
                    return
                time.sleep(0.1)
            raise AssertionError("it did not happen within a minute")

        good, weak = published.versions
        assert who_answers() == {good, weak}
        published.repository.stage("trips", "production", published.whole[1])
        wait_until(lambda: who_answers() == {weak})
        response = httpx2.get(f"{address}/v2/models/trips/versions/{good}")
        assert response.status_code == 404
        published.repository.stage("trips", "production", published.whole[0])
        wait_until(lambda: who_answers() == {good, weak})
        assert httpx2.get(f"{address}/v2/models/trips/versions/{weak}").status_code == 200

        def skipped():
            model = httpx2.get(f"{address}/v1/evaluation").json()["models"]["trips"]
            assert model["versions"] == {"serving": good, "candidate": weak}
            return model["skipped"] and model["agreement"]["of"]

        wait_until(skipped)
