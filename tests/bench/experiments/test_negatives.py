"""What is left out of the data, and what is measured with it."""

import pytest

from edgetext.data.example import Example
from edgetext.model.model import Model
from edgetext.training.splits import load_split
from edgetext_bench.experiments.negatives import ALARMS, figures, inside


def test_texts_out_of_scope_are_left_out():
    examples = [Example("a", "x"), Example("b", "oos"), Example("c", "out_of_scope")]
    assert inside(examples) == examples[:1]


def test_a_model_without_the_label_is_measured_with_it(classify):
    model = Model.load(classify)
    known = load_split(model.recipe(), "test")
    unknown = [Example(f"zxcv {i} qwer", "oos") for i in range(5)]
    in_scope, area, *recalls = figures(model, [*known, *unknown])
    assert in_scope == pytest.approx(model.header.metrics["test"]["accuracy"])
    assert 0 <= area <= 1 and len(recalls) == len(ALARMS) and recalls == sorted(recalls)
