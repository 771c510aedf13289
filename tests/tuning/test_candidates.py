"""What the files of a model are asked."""

import pytest
from every_task import exported, trained_in

from edgetext.core.errors import EdgetextError
from edgetext.loadtest.trace import read_trace
from edgetext.tuning.candidates import questions


@pytest.fixture(scope="session")
def pairs_file(models):
    """A model that reads two texts."""
    folder = models / "every-task"
    return exported(trained_in(folder, "match"), folder / "match.onnx")


def test_golden_examples_are_asked_where_no_texts_are_given(classify_files):
    asked = questions([classify_files.onnx], None)
    assert len(asked) > 3
    assert all(len(text) == 1 for text in asked)


@pytest.mark.slow
def test_texts_of_a_file_are_asked_in_pairs_of_a_model_that_reads_two(pairs_file, tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text("a room\ta hotel\nrain\tsnow\n")
    assert questions([pairs_file], path) == [("a room", "a hotel"), ("rain", "snow")]


def test_a_file_without_a_text_is_refused(classify_files, tmp_path):
    path = tmp_path / "texts.txt"
    path.write_text("\n \n")
    with pytest.raises(EdgetextError, match=r"texts\.txt: there is no text in it"):
        questions([classify_files.onnx], path)


@pytest.mark.slow
def test_a_trace_of_single_texts_is_none_for_a_model_that_reads_two(pairs_file, tmp_path):
    path = tmp_path / "trace.csv"
    path.write_text("time,text\n0,a\n1,b\n")
    with pytest.raises(EdgetextError, match=r"trace\.csv: the model reads .* give pairs"):
        questions([pairs_file], None, read_trace(path))
