"""A repository of files: what is not finished, what is damaged, and what it cannot write."""

import errno
import os

import pytest
from manifests import manifest_of

from edgetext.core.errors import EdgetextError
from edgetext.publishing.file_repository import ABANDONED
from edgetext.publishing.reference import Reference
from edgetext.publishing.repository import open_repository

CONTENT = b"a model"
MANIFEST = manifest_of(CONTENT)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "models"


@pytest.fixture
def repository(folder):
    return open_repository(str(folder))


def half(folder, age=0.0):
    """An upload whose publisher did not come to its end, of that age in seconds."""
    upload = folder / "trips/versions" / MANIFEST.version / "0123"
    upload.mkdir(parents=True)
    (upload / "trips.onnx").write_bytes(b"half")
    then = (upload / "trips.onnx").stat().st_mtime - age
    for path in (upload / "trips.onnx", upload):
        os.utime(path, (then, then))
    return upload


def test_what_is_half_published_is_not_seen_and_is_published_again(folder, repository):
    half(folder)
    assert repository.names() == [] and repository.manifests("trips") == []
    assert repository.manifest("trips", MANIFEST.version) is None
    repository.add(MANIFEST, CONTENT, None)
    assert repository.manifest("trips", MANIFEST.version) == MANIFEST
    assert repository.content(MANIFEST) == CONTENT


@pytest.mark.parametrize(("age", "stays"), [(0, True), (ABANDONED + 60, False)])
def test_what_nobody_finishes_goes_after_a_day(folder, repository, age, stays):
    upload = half(folder, age)
    repository.add(MANIFEST, CONTENT, None)
    repository.tidy("trips")
    assert upload.exists() == stays
    assert repository.content(MANIFEST) == CONTENT


def test_an_empty_upload_of_a_moment_ago_is_somebodys(folder, repository):
    upload = half(folder)
    (upload / "trips.onnx").unlink()
    repository.tidy("trips")
    assert upload.exists()


def test_two_uploads_of_one_content_are_one_version(repository):
    repository.add(MANIFEST, CONTENT, None)
    repository.add(MANIFEST, CONTENT, None)
    assert repository.manifests("trips") == [MANIFEST]
    repository.remove(MANIFEST)
    assert repository.names() == []


def test_files_of_others_are_left_alone(folder, repository):
    for place in ("notes.txt", "trips/readme", "trips/versions/latest/x", "trips/stages/Live/y"):
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert repository.names() == []
    repository.add(MANIFEST, CONTENT, None)
    (folder / "trips/stages/production").mkdir()
    (folder / "trips/stages/production/notes.json").write_text("{}")
    assert repository.names() == ["trips"] and repository.stages("trips") == []
    assert repository.manifests("trips") == [MANIFEST]


def test_a_damaged_manifest_is_named(folder, repository):
    repository.add(MANIFEST, CONTENT, None)
    (path,) = folder.rglob("manifest.json")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(EdgetextError, match=rf"^{path}: this manifest is damaged"):
        repository.manifests("trips")


def test_a_damaged_version_stops_who_asks_for_it_alone(folder, repository):
    other = manifest_of(b"another")
    repository.add(other, b"another", None)
    repository.add(MANIFEST, CONTENT, None)
    (path,) = (folder / f"trips/versions/{other.version}").rglob("manifest.json")
    path.write_text("{")
    for digits in (MANIFEST.version[:8], MANIFEST.version):
        assert repository.resolve(Reference(repository.address, "trips", digits)) == MANIFEST
    with pytest.raises(EdgetextError, match=rf"^{path}: this manifest is damaged"):
        repository.resolve(Reference(repository.address, "trips", other.version[:8]))
    with pytest.raises(EdgetextError, match=f"no such version; .* {MANIFEST.version[:12]}$"):
        repository.resolve(Reference(repository.address, "trips", "0" * 10))


def test_a_stage_at_a_damaged_version_says_which(folder, repository):
    repository.add(MANIFEST, CONTENT, None)
    repository.stage("trips", "production", MANIFEST.version)
    (path,) = folder.rglob("manifest.json")
    path.write_text("{")
    reference = Reference(repository.address, "trips", "production")
    assert repository.staged(reference) == MANIFEST.version
    with pytest.raises(EdgetextError, match=rf"^{path}: this manifest is damaged"):
        repository.resolve(reference)


def test_a_damaged_event_is_named(folder, repository):
    repository.add(MANIFEST, CONTENT, None)
    repository.stage("trips", "production", MANIFEST.version)
    (path,) = (folder / "trips/stages").rglob("*.json")
    path.write_bytes(b"")
    fresh = open_repository(repository.address)
    with pytest.raises(EdgetextError, match=rf"^{path}: this record of a stage is damaged"):
        fresh.current("trips", "production")


def test_a_stage_at_a_version_that_somebody_took_away_is_said(folder, repository):
    repository.add(MANIFEST, CONTENT, None)
    repository.add(manifest_of(b"another"), b"another", None)
    repository.stage("trips", "production", MANIFEST.version)
    for path in (folder / "trips/versions" / MANIFEST.version).rglob("manifest.json"):
        path.unlink()
    with pytest.raises(EdgetextError, match="which is not there; publish it again"):
        repository.resolve(Reference(repository.address, "trips", "production"))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "no right to write"),
        (errno.EIO, "input/output error"),
    ],
)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_what_cannot_be_written_leaves_nothing(
    folder, repository, monkeypatch, number, words, step
):
    repository.add(MANIFEST, CONTENT, None)
    before = sorted(path for path in folder.rglob("*") if path.is_file())

    def fail(*args):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(EdgetextError, match=f"{words}.*nothing was changed"):
        repository.add(manifest_of(b"another"), b"another", None)
    with pytest.raises(EdgetextError, match=words):
        repository.stage("trips", "production", MANIFEST.version)
    monkeypatch.undo()
    assert sorted(path for path in folder.rglob("*") if path.is_file()) == before
    assert repository.manifests("trips") == [MANIFEST] and repository.stages("trips") == []


def test_a_file_in_the_repositorys_place_is_said(folder, repository):
    folder.write_text("a file")
    with pytest.raises(EdgetextError, match="a part of the path is a file"):
        repository.add(MANIFEST, CONTENT, None)
    assert repository.names() == []
