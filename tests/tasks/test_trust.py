"""Probabilities are measured and mended as the definitions say."""

import numpy as np
import pytest

from edgetext.core.errors import EdgetextError
from edgetext.tasks.calibration import Calibration
from edgetext.tasks.trust import (
    OUTSIDE,
    Scored,
    best_temperature,
    outside_label,
    score_for_alarms,
    score_for_recall,
    trust,
)

LABELS = ["a", "b", "oos"]


def drawn(temperature, count=4000, outside=0.0, seed=0):
    """Scores whose probabilities come true at a temperature."""
    draw = np.random.default_rng(seed)
    logits = draw.normal(0, 2, (count, 3))
    chances = np.exp(logits)
    chances /= chances.sum(axis=1, keepdims=True)
    gold = np.array([draw.choice(3, p=each) for each in chances])
    gold[: int(outside * count)] = OUTSIDE
    return Scored(logits * temperature, gold, LABELS)


@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
def test_the_temperature_is_that_at_which_probabilities_come_true(temperature):
    scored = drawn(temperature)
    found = best_temperature(scored)
    assert found == pytest.approx(temperature, rel=0.1)
    bare, mended = (trust(scored, Calibration(t)) for t in (1.0, found))
    assert mended.error < 0.02 and mended.likelihood <= bare.likelihood + 1e-9
    assert mended.in_scope == bare.in_scope


def test_the_error_is_the_mean_gap_of_the_bins():
    # Half of the texts are answered with 0.9 and right, half with 0.6 and wrong.
    p = np.array([[0.9, 0.1], [0.9, 0.1], [0.4, 0.6], [0.4, 0.6]])
    scored = Scored(np.log(p), np.array([0, 0, 0, 0]), ["a", "b"])
    assert trust(scored, Calibration()).error == pytest.approx((0.1 + 0.6) / 2)


def test_texts_out_of_scope_are_told_apart_by_their_margins():
    scores = np.array([[5.0, 0, 1], [4, 0, 1], [3, 0, 1], [1, 0.5, 0], [0.2, 0, 0]])
    scored = Scored(scores, np.array([0, 0, 1, 2, 2]), LABELS)
    bare = Calibration(outside="oos")
    assert trust(scored, bare).separation == 1 and trust(scored, bare).recall == 0
    half = Calibration(outside="oos", score=score_for_recall(scored, bare, 0.5))
    assert trust(scored, half).recall == 0.5 and trust(scored, half).false_alarms == 0
    whole = Calibration(outside="oos", score=score_for_recall(scored, bare, 1.0))
    assert trust(scored, whole).recall == 1 and trust(scored, whole).false_alarms == 0
    few = Calibration(outside="oos", score=score_for_alarms(scored, bare, 0.4))
    assert trust(scored, few).false_alarms == pytest.approx(1 / 3)
    # The highest score that does: the text of label b, the least sure one, goes.
    assert trust(scored, few).in_scope == pytest.approx(2 / 3)


def test_a_label_is_added_where_the_network_has_none():
    scores = np.array([[5.0, 0], [4, 0], [1, 0.5], [0.2, 0]])
    scored = Scored(scores, np.array([0, 0, OUTSIDE, OUTSIDE]), ["a", "b"])
    bare = Calibration(outside="oos", added=True, score=-np.inf)
    assert trust(scored, bare).recall == 0 and trust(scored, bare).in_scope == 1
    added = Calibration(outside="oos", added=True, score=score_for_recall(scored, bare, 1.0))
    assert trust(scored, added).recall == 1 and trust(scored, added).in_scope == 1
    assert scored.probabilities(added).shape == (4, 3)
    assert added.names(["a", "b"]) == ["a", "b", "oos"]


def test_what_the_texts_do_not_show_is_said():
    scored = drawn(1.0, 50)
    bare = Calibration(outside="oos", added=True)
    with pytest.raises(EdgetextError, match="no text is about nothing known"):
        score_for_recall(scored, bare, 0.5)
    nothing = Scored(scored.scores, np.full(50, OUTSIDE), LABELS)
    with pytest.raises(EdgetextError, match="no text is about something known"):
        score_for_alarms(nothing, bare, 0.1)
    with pytest.raises(EdgetextError, match="no text has a label"):
        best_temperature(nothing)


def test_the_label_of_texts_out_of_scope_is_known_by_its_name():
    assert outside_label(LABELS) == "oos" and outside_label(["a", "b"]) is None


def test_a_calibration_is_read_as_it_is_written():
    for each in (Calibration(2.0), Calibration(0.5, "oos", 1.5), Calibration(1, "oos", -2, True)):
        assert Calibration.from_dict(each.as_dict()) == each
