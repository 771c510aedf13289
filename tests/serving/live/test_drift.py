"""Whether newest answers are other than those of the reference."""

import random

import pytest

from edgetext.serving.live.drift import Drift, label_p, stability
from edgetext.tasks.answers.labels import LabelAnswer


def answers(count, seed, weights=(5, 3, 2), low=0.5):
    rng = random.Random(seed)
    for label in rng.choices("abc", weights, k=count):
        yield LabelAnswer(label, rng.uniform(low, 1))


def drift_of(*parts, size=500, reference=None):
    drift = Drift(size, reference)
    for answer in (x for part in parts for x in part):
        drift.add(answer)
    return drift


def test_the_same_traffic_has_no_drift():
    result = drift_of(answers(500, 1), answers(500, 2)).result()
    assert result["labels"]["chi_square_p"] > 0.01 and result["scores"]["ks_p"] > 0.01
    assert result["labels"]["psi"] < 0.1 and result["scores"]["psi"] < 0.1


def test_other_labels_are_seen():
    result = drift_of(answers(500, 1), answers(500, 2, weights=(1, 3, 6))).result()
    assert result["labels"]["chi_square_p"] < 1e-6 and result["labels"]["psi"] > 0.25
    assert result["scores"]["ks_p"] > 0.01
    assert result["shares"][0]["label"] in "ac"


def test_other_scores_are_seen():
    result = drift_of(answers(500, 1), answers(500, 2, low=0.2)).result()
    assert result["scores"]["ks_p"] < 1e-6 and result["scores"]["psi"] > 0.25
    assert result["labels"]["chi_square_p"] > 0.01


def test_little_says_nothing():
    assert drift_of(answers(500, 1), answers(49, 2)).result() == {"reference": 500, "newest": 49}


def test_a_stored_reference_is_not_replaced():
    stored = drift_of(answers(500, 1)).reference()
    drift = drift_of(answers(500, 2), reference=stored)
    assert drift.reference() == stored and drift.result()["newest"] == 500


def test_it_goes_on_after_a_restart():
    drift = drift_of(answers(500, 1), answers(300, 2))
    other = Drift(500)
    other.restore(drift.as_json())
    assert other.result() == drift.result()


def test_rare_labels_count_together():
    rare = {f"rare {i}": 1 for i in range(20)}
    assert label_p({"a": 480, **rare}, {"a": 480, **{f"other {i}": 1 for i in range(20)}}) > 0.9
    assert label_p({"a": 100}, {"a": 100}) == 1.0


def test_the_index_by_hand():
    assert stability([0.5, 0.5], [0.5, 0.5]) == 0
    assert stability([0.5, 0.5], [0.25, 0.75]) == pytest.approx(0.2747, abs=1e-4)
