"""Counts of two models."""

import json

import pytest

from edgetext.serving.live.comparison import LABEL, Comparison
from edgetext.serving.live.drift import Drift
from edgetext.serving.live.tally import ARMS, CANDIDATE, MINUTES, SERVING, Tally


@pytest.fixture
def tally():
    return Tally({arm: Drift(100) for arm in ARMS})


def test_agreement_in_all_by_part_and_by_minute(tally):
    tally.compare(Comparison(True, True, True), 0)
    tally.compare(Comparison(False, True, False), 59)
    tally.compare(Comparison(False, False, None, [(LABEL, "a", "b")]), 60)
    assert (tally.agreed, tally.compared) == (1, 3)
    assert tally.parts == {"label": [2, 3], "spans": [1, 2]}
    assert tally.minutes == {0: [1, 2], 1: [0, 1]} and tally.pairs == {(LABEL, "a", "b"): 1}


def test_minutes_do_not_pile_up(tally):
    for minute in range(MINUTES + 10):
        tally.compare(Comparison(True), 60 * minute)
    assert len(tally.minutes) == MINUTES and 9 not in tally.minutes


def test_times_are_compared_by_the_median(tally):
    assert tally.ratio is None
    for serving, candidate in ((1, 2), (1, 2.1), (1, 50)):
        tally.time(serving, candidate)
    assert tally.ratio == 2.1 and tally.arms[CANDIDATE].seconds == 54.1


def test_judging_again_takes_the_first_time_back(tally):
    first = [{"label": True, "spans": False}, {"label": True, "spans": True}]
    tally.judge(first)
    assert (tally.arms[SERVING].right, tally.arms[CANDIDATE].right) == (0, 1)
    assert tally.arms[SERVING].by_kind == {"label": [1, 1], "spans": [0, 1]}
    assert tally.right_together == [0, 0, 1, 0]
    tally.judge(first, -1)
    tally.judge([{"label": True}, None])
    assert (tally.arms[SERVING].right, tally.arms[SERVING].judged) == (1, 1)
    assert tally.arms[CANDIDATE].judged == 0 and tally.right_together == [0, 0, 0, 0]


def test_all_of_it_is_json(tally):
    tally.compare(Comparison(False, False, None, [(LABEL, "a", "b")]), 0)
    tally.time(1, 2)
    tally.judge([{"label": True}, {"label": False}])
    tally.arms[SERVING].histogram.update([3, 3, 4])
    tally.looks["errors"] = 2
    stored = json.loads(json.dumps(tally.as_json()))
    other = Tally({arm: Drift(100) for arm in ARMS})
    other.restore(stored)
    assert other == tally or other.as_json() == tally.as_json()
    assert other.minutes == {0: [0, 1]} and other.arms[SERVING].histogram == {3: 2, 4: 1}
