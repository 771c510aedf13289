"""Time left, and what was kept, in words."""

import pytest

from edgetext.tasks.metrics import label_scores
from edgetext.training import kept as module
from edgetext.training.kept import Kept, Pace, classes_in_words, duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "0 s"), (119, "119 s"), (120, "2 min"), (7199, "120 min"), (9000, "2.5 h")],
)
def test_a_time_is_in_its_largest_unit(seconds, words):
    assert duration(seconds) == words


def test_what_is_left_is_told_by_the_steps_of_this_time_alone(monkeypatch):
    now = iter([100.0, 130.0])
    monkeypatch.setattr(module.time, "monotonic", lambda: next(now))
    # 10 steps in 30 s, those before them at another time; 60 are left.
    assert Pace(30).left(40, 100) == 180


def test_the_lowest_f1_of_labels_comes_first():
    scores = label_scores(["a", "a", "b"], ["a", "a", "a"])
    assert classes_in_words(scores) == "test macro F1 0.4000, of the labels: b 0.00, a 0.80"
    many = label_scores([f"{i:02}" for i in range(23)], ["00"] * 23)
    assert classes_in_words(many).endswith("20 0.00, 3 more")


def test_what_was_kept_is_one_sentence():
    kept = Kept(3, 5, {"accuracy": 0.5})
    assert kept.sentence() == "kept epoch 3 of 5  valid: accuracy 0.5000"
    assert kept.sentence({"accuracy": 0.25}).endswith("0.5000  test: accuracy 0.2500")
    assert Kept(0, 5, {"f1": 1.0}).sentence() == "kept what it began with  valid: f1 1.0000"
