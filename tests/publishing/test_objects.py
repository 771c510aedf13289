"""Object stores, by fsspec: addresses, what is not there, and what fails."""

import importlib.util
import uuid

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from manifests import manifest_of

from edgetext.core.errors import EdgetextError
from edgetext.publishing.folder import Folder
from edgetext.publishing.objects import Objects
from edgetext.publishing.repository import open_repository
from edgetext.publishing.store import open_store


class Refusing(MemoryFileSystem):
    """A store that reads and does not write, with an error that is none of the system's."""

    protocol = "refusing"
    store = MemoryFileSystem.store

    def pipe_file(self, path, value, **kwargs):
        raise RuntimeError("AccessDenied\nwith a long explanation")

    def cat_file(self, path, **kwargs):
        raise ValueError("no credentials")


@pytest.fixture
def store():
    return open_store(f"memory://{uuid.uuid4().hex}/a/b/")


def test_contents_are_written_listed_and_taken_away(store):
    assert store.names("") == [] and store.read("x/y") is None and store.size("x/y") is None
    store.write("x/y", b"1")
    store.write("x/x/z", b"22")
    assert store.names("") == ["x"] and store.names("x") == ["x", "y"]
    assert store.names("x/y") == []
    assert store.read("x/x/z") == b"22" and store.size("x/x/z") == 2
    assert 0 <= store.age("x/y") < 600 and store.age("nothing") == 0
    store.delete("x/y")
    store.delete("x/y")
    store.delete_folder("x")
    store.delete_folder("x")
    assert store.names("") == []


def test_s3_is_written_listed_and_taken_away(s3_bucket):
    place = f"s3://{s3_bucket}/{uuid.uuid4().hex}"
    test_contents_are_written_listed_and_taken_away(open_store(place))
    # Each sees at once what another has written.
    one, two = open_store(place), open_store(place)
    assert two.names("") == []
    one.write("a", b"1")
    assert two.names("") == ["a"]


def test_an_address_of_a_file_is_a_folder(tmp_path):
    assert isinstance(open_store(f"file://{tmp_path}"), Folder)
    assert isinstance(open_store(str(tmp_path)), Folder)
    assert isinstance(open_store("memory://a"), Objects)


def test_an_unknown_kind_of_address_is_said():
    with pytest.raises(EdgetextError, match="nothing://a: this is no address of a repository"):
        open_store("nothing://a")


@pytest.mark.skipif(importlib.util.find_spec("gcsfs") is not None, reason="gcsfs is installed")
def test_the_package_that_is_missing_is_named():
    with pytest.raises(EdgetextError, match=r"not installed .*gcs"):
        open_store("gs://bucket/a")


def test_what_a_library_raises_is_one_sentence():
    fsspec.register_implementation("refusing", Refusing, clobber=True)
    repository = open_repository("refusing://a")
    with pytest.raises(EdgetextError, match=r"takes no file \(AccessDenied\); nothing was changed"):
        repository.add(manifest_of(b"x"), b"x", None)
    with pytest.raises(EdgetextError, match=r"cannot be read \(no credentials\)"):
        repository.store.read("x")


def test_a_bucket_that_is_not_there_is_one_sentence(s3_server):
    repository = open_repository("s3://no-such-bucket/models")
    with pytest.raises(EdgetextError, match="there is no repository"):
        repository.check_model("trips")
    with pytest.raises(EdgetextError, match="takes no file"):
        repository.add(manifest_of(b"x"), b"x", None)
