"""What may be published."""

import dataclasses
import shutil

import pytest

import edgetext
from edgetext.core.errors import EdgetextError
from edgetext.publishing.publish import candidate, check_examples, publish
from edgetext.publishing.repository import open_repository


def test_the_manifest_is_what_the_file_says(classify_files):
    given = candidate(classify_files.onnx)
    manifest = given.manifest
    assert (manifest.name, manifest.task, manifest.runtime) == ("classify", "classify", "onnx")
    assert sorted(manifest.labels["intent"]) == ["flight", "hotel", "weather"]
    assert manifest.size == classify_files.onnx.stat().st_size
    assert given.card == classify_files.card.read_bytes()
    assert manifest.card == "classify.md" and manifest.file == "classify.onnx"
    assert set(manifest.metrics) and len(manifest.checkpoint_sha256) == 64


def test_a_checkpoint_may_be_published(classify):
    assert candidate(classify, "other").manifest.file == "other.pt"


def test_the_same_content_is_the_same_version(classify_files, tmp_path):
    copied = shutil.copy(classify_files.onnx, tmp_path / "copied.onnx")
    repository = open_repository(str(tmp_path / "models"))
    assert publish(repository, candidate(classify_files.onnx), "staging")
    files = {path: path.stat().st_mtime_ns for path in (tmp_path / "models").rglob("*.*")}
    assert not publish(repository, candidate(copied), "staging")
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "models").rglob("*.*")} == files
    assert len(repository.manifests("classify")) == 1


def test_a_damaged_version_is_not_taken_for_the_same_content(classify_files, tmp_path):
    repository = open_repository(str(tmp_path / "models"))
    given = candidate(classify_files.onnx)
    publish(repository, given)
    (file,) = (tmp_path / "models").rglob(given.manifest.file)
    file.write_bytes(given.content[:1000])
    with pytest.raises(EdgetextError, match="take the version's folder away"):
        publish(repository, given, "production")
    assert repository.stages(given.manifest.name) == []
    shutil.rmtree(file.parent)
    assert publish(repository, given, "production")


def test_what_is_no_model_is_refused(tmp_path):
    path = tmp_path / "m.onnx"
    path.write_bytes(b"no model")
    with pytest.raises(EdgetextError, match="not an edgetext artifact"):
        candidate(path)


def test_a_file_that_answers_otherwise_than_its_examples_is_refused(classify_files):
    predictor = edgetext.load(classify_files.onnx)
    first = predictor.golden[0]
    wrong = "hotel" if first.expected.intent != "hotel" else "flight"
    expected = dataclasses.replace(first.expected, intent=wrong)
    predictor.golden[0] = dataclasses.replace(first, expected=expected)
    with pytest.raises(EdgetextError, match=r"1 of its .* golden examples are answered in another"):
        check_examples(predictor)


@pytest.mark.parametrize("name", ["a/b", "..", "ä", "a b", "x" * 101])
def test_a_name_must_be_one(classify_files, name):
    with pytest.raises(EdgetextError, match="cannot be a model's name"):
        candidate(classify_files.onnx, name)
