"""Which checkpoint a file is held to, and whose texts are asked."""

import shutil

import pytest

from edgetext.conformance.checkpoints import (
    check_same_labels,
    checkpoint_of,
    given_texts,
    opened_checkpoint,
)
from edgetext.core.errors import EdgetextError
from edgetext.predictor import load


@pytest.fixture
def alone(int8_files, tmp_path):
    """An `.onnx` in a folder without its checkpoint."""
    return load(shutil.copy(int8_files.onnx, tmp_path / "model.onnx"))


def test_the_checkpoint_is_that_which_the_file_was_made_of(
    alone, int8_files, joint_files, tmp_path
):
    with pytest.raises(EdgetextError, match=r"is not beside it; give it with --against"):
        checkpoint_of(alone, None)
    shutil.copy(joint_files.pt, tmp_path / "model.pt")
    shutil.copy(int8_files.pt, tmp_path / "z.pt")
    assert checkpoint_of(alone, None) == tmp_path / "z.pt"
    assert checkpoint_of(alone, joint_files.pt) == joint_files.pt
    assert checkpoint_of(load(joint_files.pt), None) == joint_files.pt
    with pytest.raises(EdgetextError, match=r"give a \.pt file"):
        checkpoint_of(alone, int8_files.onnx)


def test_another_task_or_other_labels_do_not_compare(int8_files, classify, tag):
    predictor = load(int8_files.onnx)
    for other in (classify, tag):
        metadata = opened_checkpoint(other, "joint").metadata
        with pytest.raises(EdgetextError, match=r"task and those of .* are not the same"):
            check_same_labels(other, metadata, predictor)


def test_given_texts_are_those_of_labeled_examples_or_of_lines(data, tmp_path):
    labeled = given_texts(data / "test.csv", "classify", 1)
    lines = tmp_path / "texts.txt"
    lines.write_text("wake me up\n\nBjörk\n", "utf-8")
    assert len(labeled) == 24 and given_texts(lines, "joint", 1) == [("wake me up",), ("Björk",)]
    lines.write_text("one\ttwo\n", "utf-8")
    assert given_texts(lines, "match", 2) == [("one", "two")]
    lines.write_text("\n", "utf-8")
    with pytest.raises(EdgetextError, match="there is no text in it"):
        given_texts(lines, "joint", 1)
