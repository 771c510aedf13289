"""Deletion and insertion curves."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.interpretation.explain import explain
from edgetext.interpretation.faithfulness import Case, Curves, best_first, curves
from edgetext.predictor import load

TEXTS = ["is it cold in Zürich tomorrow?", "will it rain in Rome today?", "a cheap hotel in Oslo?"]


def test_an_explained_order_beats_its_reverse(predictors):
    predictor = predictors["int8"].pt
    explanations = [explain(predictor, [text]) for text in TEXTS]
    cases = [
        Case(e.texts[0], e.goal, tuple((p.start, p.end) for p in e.parts)) for e in explanations
    ]
    orders = [best_first(e) for e in explanations]
    right = curves(predictor, cases, orders)
    wrong = curves(predictor, cases, [order[::-1] for order in orders])
    assert right.deletion < wrong.deletion and right.insertion > wrong.insertion
    assert right.floor == wrong.floor
    assert right.times_better(wrong) == wrong.deletion / right.deletion > 1
    # What a batch of a checkpoint answers, a file answers one by one.
    of_file = curves(predictors["int8"].onnx, cases, orders)
    assert of_file.deletion == pytest.approx(right.deletion, abs=0.03)


def test_areas_are_those_counted_by_hand():
    one, other = Curves(0.25, 0.75, 0.05), Curves(0.5, 0.5, 0.05)
    assert one.times_better(other) == 2
    assert one.times_better_above_floor(other) == pytest.approx(2.25)


def test_two_texts_have_no_curves(models):
    import every_task

    folder = models / "every_task"
    folder.mkdir(exist_ok=True)
    predictor = load(every_task.trained_in(folder, "match"))
    with pytest.raises(EdgetextError, match="models of one text"):
        curves(predictor, [], [])
