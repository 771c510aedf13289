"""Guards: what breaks one, and that noise does not."""

import random
from collections import Counter

import pytest

from edgetext.serving.live.canary import broken
from edgetext.serving.live.drift import Drift
from edgetext.serving.live.durations import bucket
from edgetext.serving.live.settings import Guards
from edgetext.serving.live.tally import ARMS, CANDIDATE, SERVING, Tally


@pytest.fixture
def tally():
    return Tally({arm: Drift(100) for arm in ARMS})


def test_agreement(tally):
    guards = Guards(agreement=0.98, texts=100)
    tally.compared, tally.agreed = 99, 0
    assert broken(guards, tally) == ""
    tally.compared, tally.agreed = 100, 98
    assert broken(guards, tally) == ""
    tally.compared, tally.agreed = 125, 100
    assert "agreement: 100 of 125" in broken(guards, tally)


def test_a_look_is_taken_once(tally):
    guards = Guards(agreement=0.98, texts=100)
    tally.compared, tally.agreed = 100, 100
    assert broken(guards, tally) == ""
    # The next look is at 125 texts.
    tally.compared, tally.agreed = 124, 0
    assert broken(guards, tally) == ""
    tally.compared = 125
    assert broken(guards, tally)


def test_errors(tally):
    guards = Guards(errors=0.01, texts=100)
    arm = tally.arms[CANDIDATE]
    arm.requests, arm.failed = 100, 2
    assert broken(guards, tally) == ""
    arm.requests, arm.failed = 200, 12
    assert "errors: 12 of 200 requests failed" in broken(guards, tally)


def test_slow_answers(tally):
    guards = Guards(p99=1.5, texts=100)
    rng = random.Random(1)

    def times(arm, factor, count=4000):
        values = [factor * rng.lognormvariate(-7, 0.2) for _ in range(count)]
        tally.arms[arm].histogram = Counter(map(bucket, values))
        tally.arms[arm].requests = count

    times(SERVING, 1)
    times(CANDIDATE, 1.4)
    assert broken(guards, tally) == ""
    tally.looks.clear()
    times(CANDIDATE, 2)
    assert "p99: the candidate's is at least" in broken(guards, tally)


def test_accuracy(tally):
    guards = Guards(accuracy=-0.02, texts=100)
    tally.right_together = [80, 10, 8, 2]
    assert broken(guards, tally) == ""
    tally.right_together = [150, 40, 5, 5]
    assert "accuracy: of 200 judged texts" in broken(guards, tally)


def test_what_is_not_guarded_is_not_looked_at(tally):
    tally.compared, tally.agreed = 1000, 0
    assert broken(Guards(), tally) == ""


def test_noise_trips_rarely():
    """Of 200 canaries that agree exactly as often as they must, looked at all the time, no more
    than the promised twentieth ends, and all that agree in 90 % do."""
    rng = random.Random(5)
    guards = Guards(agreement=0.98, texts=50)

    def ended(share):
        tally = Tally({arm: Drift(100) for arm in ARMS})
        for _ in range(2000):
            tally.compared += 1
            tally.agreed += rng.random() < share
            if broken(guards, tally):
                return True
        return False

    assert sum(ended(0.98) for _ in range(200)) <= 10
    assert all(ended(0.9) for _ in range(20))
