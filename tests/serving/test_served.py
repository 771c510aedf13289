"""Models as they are served: names, and how long they take."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.serving.served import load_served, seconds_an_answer
from edgetext.serving.settings import Settings


def test_names_are_those_of_the_files_or_given(classify_files, tag_files):
    given = ((classify_files.onnx, None), (tag_files.onnx, "names"))
    served = load_served(Settings(given))
    assert list(served) == ["classify", "names"]
    assert served["names"].predictor.metadata.name == "tag"


@pytest.mark.parametrize("name", ["a/b", "ä", "a b", "?"])
def test_a_name_must_go_into_an_address(classify_files, name):
    with pytest.raises(EdgetextError, match=r"classify\.onnx=NAME"):
        load_served(Settings(((classify_files.onnx, name),)))


def test_two_models_of_one_name_are_refused(classify_files):
    with pytest.raises(EdgetextError, match="another model is called classify"):
        load_served(Settings(((classify_files.onnx, None),) * 2))


def test_the_time_of_an_answer_is_that_of_the_golden_examples(classify_files):
    (served,) = load_served(Settings(((classify_files.onnx, None),))).values()
    assert 0 < seconds_an_answer(served.predictor) < 10
    served.predictor.golden = []
    assert 0 < seconds_an_answer(served.predictor) < 10
