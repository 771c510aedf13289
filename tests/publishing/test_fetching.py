"""Versions as local files."""

import os

import pytest
from manifests import manifest_of

from edgetext.core.errors import EdgetextError
from edgetext.publishing import fetching, signing
from edgetext.publishing.repository import open_repository

CONTENT = b"a model" * 100


@pytest.fixture
def published(tmp_path):
    """(a repository, the manifest of the version in it, the path of its file)."""
    repository = open_repository(str(tmp_path / "models"))
    manifest = manifest_of(CONTENT, card="trips.md")
    repository.add(manifest, CONTENT, b"# card")
    (path,) = (tmp_path / "models").rglob("*.onnx")
    return repository, manifest, path


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache/edgetext/models"


def test_the_file_its_card_and_signatures_are_written(published, tmp_path):
    repository, manifest, _ = published
    repository.add_signature("trips", manifest.version, "0a", b"{}")
    paths = fetching.fetch(repository, manifest, tmp_path / "here")
    contents = {path.name: path.read_bytes() for path in paths}
    assert contents == {
        "trips.onnx": CONTENT,
        "trips.md": b"# card",
        "trips.onnx.0a.sig": b"{}",
    }
    assert paths[0].name == "trips.onnx"
    assert fetching.signatures_beside(paths[0]) == {"0a": b"{}"}


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT[:-1] + b"x", b""])
def test_other_bytes_are_refused_and_not_written(published, tmp_path, content):
    repository, manifest, path = published
    path.write_bytes(content)
    with pytest.raises(EdgetextError, match="is not the one that its manifest names"):
        fetching.fetch(repository, manifest, tmp_path / "here")
    path.unlink()
    with pytest.raises(EdgetextError, match=r"trips\.onnx is not there"):
        fetching.fetch(repository, manifest, tmp_path / "here")
    assert not (tmp_path / "here").exists()


def test_the_cache_is_asked_first_and_never_believed(published, cache):
    repository, manifest, path = published
    cached = fetching.cached(repository, manifest)
    assert cached.is_relative_to(cache) and cached.read_bytes() == CONTENT
    path.unlink()
    assert fetching.cached(repository, manifest) == cached
    path.write_bytes(CONTENT)
    cached.write_bytes(b"other bytes")
    assert fetching.cached(repository, manifest).read_bytes() == CONTENT


def test_a_cached_version_needs_its_signature_all_the_same(published, cache):
    pytest.importorskip("cryptography", reason="signatures need cryptography")
    repository, manifest, path = published
    fetching.cached(repository, manifest)
    _, public = signing.new_key()
    path.with_name("k.pem").write_bytes(public)
    with pytest.raises(EdgetextError, match="has signed it"):
        fetching.cached(repository, manifest, [signing.trusted_key(path.with_name("k.pem"))])


def test_the_cache_keeps_what_was_used_last(tmp_path, cache):
    repository = open_repository(str(tmp_path / "models"))
    paths = []
    for number in range(fetching.KEPT + 3):
        content = f"model {number}".encode()
        manifest = manifest_of(content)
        repository.add(manifest, content, None)
        paths.append(fetching.cached(repository, manifest))
        # Files of one moment have no order.
        os.utime(paths[-1], (number, number))
    assert [path.exists() for path in paths[:2]] == [False, False]
    assert all(path.exists() for path in paths[-fetching.KEPT + 1 :])
