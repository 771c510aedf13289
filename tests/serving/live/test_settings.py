"""What a server is told of judging."""

from pathlib import Path

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.publishing.reference import Reference
from edgetext.serving.live.settings import Candidate, Guards, read_candidate, read_guards


def test_guards_are_read():
    guards = read_guards("agreement=0.98, errors=0.01,p99=1.5x,accuracy=-0.02", 50)
    assert guards == Guards(0.98, 0.01, 1.5, -0.02, 50)
    assert read_guards("errors=.1", 50) == Guards(errors=0.1, texts=50)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("speed=1", "no guard 'speed'"),
        ("agreement=98", "a share from 0 to 1"),
        ("p99=1.5", "a multiple such as 1.5x"),
        ("accuracy=0.02", "a difference from -1 to 0"),
        ("errors=0.1,errors=0.2", "twice"),
        ("", "no guard ''"),
    ],
)
def test_what_is_no_guard_is_said(text, sentence):
    with pytest.raises(EdgetextError, match=sentence):
        read_guards(text, 50)


def test_a_candidate_has_a_name_or_none(tmp_path):
    assert read_candidate("a.onnx") == Candidate(Path("a.onnx"))
    assert read_candidate("trips:a.onnx") == Candidate(Path("a.onnx"), "trips")
    (tmp_path / "a:b.onnx").touch()
    assert read_candidate(f"{tmp_path}/a:b.onnx") == Candidate(tmp_path / "a:b.onnx")


@pytest.mark.parametrize(
    ("word", "name", "repository"),
    [
        ("runs/models#trips@staging", None, "runs/models"),
        ("names:runs/models#trips@staging", "names", "runs/models"),
        ("s3://bucket/models#trips@staging", None, "s3://bucket/models"),
        ("names:s3://bucket/models#trips@staging", "names", "s3://bucket/models"),
        ("mlflow:http://host:5000#trips@staging", None, "mlflow:http://host:5000"),
        ("names:mlflow:http://host#trips@staging", "names", "mlflow:http://host"),
    ],
)
def test_a_candidate_may_be_published(word, name, repository):
    candidate = read_candidate(word)
    assert candidate.name == name
    assert candidate.reference == Reference(repository, "trips", "staging")


def test_a_file_whose_name_has_the_mark_is_a_file(tmp_path):
    (tmp_path / "a#b@c").touch()
    assert read_candidate(f"{tmp_path}/a#b@c") == Candidate(tmp_path / "a#b@c")
    with pytest.raises(EdgetextError, match="names no published model"):
        read_candidate("names:a#b")
