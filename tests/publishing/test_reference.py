"""REPOSITORY#NAME@REF."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.publishing.reference import Reference, check_stage, read_reference


@pytest.mark.parametrize(
    ("word", "reference"),
    [
        ("models#trips@production", Reference("models", "trips", "production")),
        ("s3://b/p#trips@0123abcdef", Reference("s3://b/p", "trips", "0123abcdef")),
        ("mlflow:sqlite:///a#b.db#t-1@v", Reference("mlflow:sqlite:///a#b.db", "t-1", "v")),
    ],
)
def test_a_reference_is_read_and_written_alike(word, reference):
    assert read_reference(word) == reference
    assert str(reference) == word


def test_a_model_alone_is_one_where_that_will_do():
    assert read_reference("a/b#trips", needs_ref=False) == Reference("a/b", "trips")
    with pytest.raises(EdgetextError, match="REPOSITORY#NAME@STAGE"):
        read_reference("a/b#trips")


@pytest.mark.parametrize(
    "word", ["models", "#trips@a", "models#@a", "models#trips@", "m#../x@a", "m#.x@a", "m#a b@c"]
)
def test_what_is_no_reference_is_refused(word):
    with pytest.raises(EdgetextError):
        read_reference(word)


def test_a_stage_and_a_version_cannot_be_mistaken():
    assert read_reference("m#t@facade").is_version
    assert not read_reference("m#t@face").is_version
    with pytest.raises(EdgetextError, match="neither a version"):
        check_stage("facade", "--stage")
    for stage in ("Production", "1st", "a_b", "", "ä"):
        with pytest.raises(EdgetextError, match="neither a version"):
            check_stage(stage, "--stage")
