"""Vectors by which like texts are found."""

import numpy as np
import pytest

from edgetext.data.example import Example
from edgetext.interpretation.vectors import TextVectors, nearest, vectors_of

TEXTS = ["is it cold in Oslo?", "a cheap hotel in Rome?", "fly to Zürich", "will it rain today?"]
EXAMPLES = [Example(text, None) for text in TEXTS]


def test_the_nearest_come_first():
    known = TextVectors(np.eye(3, dtype=np.float32), "axes")
    query = TextVectors(np.array([[0.6, 0.8, 0.0]], np.float32), "axes")
    numbers, cosines = nearest(query, known, 2)
    assert numbers.tolist() == [[1, 0]] and cosines[0] == pytest.approx([0.8, 0.6])
    assert nearest(query, known, 9)[0].shape == (1, 3)
    assert known.rows([2, 0]).values.tolist() == [[0, 0, 1], [1, 0, 0]]


@pytest.mark.parametrize("kind", ["pt", "onnx"])
def test_a_text_is_nearest_to_itself_and_to_its_like(predictors, kind):
    if kind == "onnx":
        pytest.importorskip("cleanlab", reason="it is of the extra `errors`")
    known, asked = vectors_of(predictors["joint"].__dict__[kind], EXAMPLES, EXAMPLES[:2])
    numbers, cosines = nearest(asked, known, 2)
    assert numbers[:, 0].tolist() == [0, 1]
    assert cosines[:, 0] == pytest.approx([1, 1], abs=1e-5)
    if kind == "pt":
        assert numbers[0, 1] == 3  # the other question about the weather
