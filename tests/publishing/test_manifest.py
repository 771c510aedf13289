"""What a repository says of a version."""

import json

import pytest
from manifests import manifest_of

from edgetext.core.errors import EdgetextError
from edgetext.publishing.manifest import read_manifest

MANIFEST = manifest_of(b"abc")


def read(**changed):
    fields = json.loads(MANIFEST.to_json()) | changed
    return read_manifest(json.dumps(fields).encode(), "trips", MANIFEST.version, "m.json")


def test_it_is_read_as_it_was_written():
    assert read() == MANIFEST


@pytest.mark.parametrize(
    "changed",
    [
        {"size": "3"},
        {"labels": []},
        {"file": "../x.onnx"},
        {"file": ".x"},
        {"card": "a/b"},
        {"format": None},
        {"created": 1},
    ],
)
def test_a_field_of_another_kind_is_refused(changed):
    with pytest.raises(EdgetextError, match=r"^m\.json: this manifest is damaged"):
        read(**changed)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b"[" * 9999])
def test_another_content_is_refused(content):
    with pytest.raises(EdgetextError, match=r"^m\.json: this manifest is damaged"):
        read_manifest(content, "trips", MANIFEST.version, "m.json")


def test_a_newer_format_is_said():
    with pytest.raises(EdgetextError, match="newer edgetext"):
        read(format=2)


def test_one_that_lies_at_another_version_is_refused():
    with pytest.raises(EdgetextError, match="lies where hotels@"):
        read_manifest(MANIFEST.to_json(), "hotels", MANIFEST.version, "m.json")
