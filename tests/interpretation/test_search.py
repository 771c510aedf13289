"""The order in which words must go so that an answer is lost soonest."""

from itertools import permutations

import pytest
import torch

import edgetext
from edgetext.interpretation.explain import explain
from edgetext.interpretation.manner import Manner
from edgetext.interpretation.search import ASKED, SEARCHED, falling, order_of
from edgetext.interpretation.units import without
from edgetext.interpretation.worths import asker, scores_in_batches
from edgetext.tasks.explaining import Asked

TEXT = "is it cold in Zürich tomorrow?"


def searched(worth, count):
    asked = []

    def ask(sets):
        asked.extend(sets)
        return [worth(gone) for gone in sets]

    everything = frozenset(range(count))
    alone = [worth(frozenset([number])) for number in everything]
    return *order_of(alone, worth(everything), ask), asked


def hidden(gone):
    """Tell what is left of an answer that either of words 0 and 3 suffices for."""
    return 1.0 - 0.9 * ({0, 3} <= gone) - 0.01 * len(gone)


def test_words_that_hide_each_other_go_first():
    order, left, asked = searched(hidden, 6)
    assert set(order[:2]) == {0, 3} and sorted(order) == list(range(6))
    assert left == [hidden(frozenset(order[: n + 1])) for n in range(6)]
    assert len(asked) == len(set(asked)), "no set is asked about twice"


def test_no_order_of_few_words_leaves_less():
    torch.manual_seed(1)
    table = torch.rand(2**5).tolist()

    def worth(gone):
        return table[sum(1 << number for number in gone)]

    _, left, _ = searched(worth, 5)
    areas = [
        sum(worth(frozenset(each[: n + 1])) for n in range(5)) for each in permutations(range(5))
    ]
    assert sum(left) <= sorted(areas)[3]


def test_a_long_text_is_searched_in_the_words_that_lose_most_alone():
    for count in (14, SEARCHED, SEARCHED + 20):
        order, left, asked = searched(lambda gone: 1 - sum(gone) / 1000, count)
        assert order == list(range(count))[::-1]
        assert left[-1] == pytest.approx(1 - sum(range(count)) / 1000)
        assert len(asked) < 1.2 * ASKED


def test_weights_fall_in_the_order_of_the_search_and_keep_its_sum():
    weights = falling([0.1, 0.5, 0.0, -0.2])
    assert weights[0] > weights[1] > weights[2] == 0 > weights[3]
    assert weights[:2] == pytest.approx([0.3, 0.3], rel=0.01)
    assert sum(weights) == pytest.approx(0.4)
    assert falling([]) == []


def test_a_checkpoint_scores_as_it_answers(predictors):
    predictor = predictors["joint"].pt
    goal = explain(predictor, [TEXT]).goal
    assert scores_in_batches(predictor, goal)
    variants = [(without(TEXT.encode(), parts),) for parts in ([], [(0, 2)], [(6, 10), (22, 30)])]
    worths = [predictor.task.worth(predictor.predict(*each), goal) for each in variants]
    assert asker(predictor, goal)(variants) == pytest.approx(worths, abs=1e-5)
    explanation = explain(predictor, [TEXT])
    assert explanation.method == "search" and abs(explanation.missing) < 1e-6
    assert explanation.change == pytest.approx(sum(part.weight for part in explanation.parts))


def test_what_is_no_label_is_searched_by_answers(predictors):
    for predictor in predictors["int8"].pt, predictors["int8"].onnx:
        explanation = explain(predictor, [TEXT], Asked(span=1), Manner("search"))
        best = max(explanation.parts, key=lambda part: part.weight)
        assert TEXT.encode()[best.start : best.end].decode() == "Zürich"


def test_a_calibrated_checkpoint_is_explained_by_its_answers(models):
    import every_task

    folder = models / "every_task"
    folder.mkdir(exist_ok=True)
    path = every_task.trained_in(folder, "classify")
    model = edgetext.load(path)
    goal = explain(model, [TEXT]).goal
    assert scores_in_batches(model, goal)
    model.session.model.header.calibration["temperature"] = 2.0
    assert not scores_in_batches(model, goal)
