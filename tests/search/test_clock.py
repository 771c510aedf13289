"""What fits into the time that is left."""

import time

import pytest

from edgetext.search.clock import Clock
from edgetext.search.limits import Cost
from edgetext.search.record import MEASURED, Record, Records


@pytest.fixture
def clock(tmp_path):
    """A clock that stops in so many seconds, after one trial of 10 s an epoch."""
    records = Records(tmp_path / "trials.jsonl")
    choice = {"hidden": 8, "precision": "int8"}
    records.rows.append(
        Record("a", choice, MEASURED, epochs=4, seconds=40.0, cost=Cost(1, 1.0, 0.0))
    )
    return lambda seconds: Clock(
        records, 4, 20, None if seconds is None else time.monotonic() + seconds
    )


@pytest.mark.parametrize(
    ("seconds", "epochs", "only_final", "over"),
    [
        (None, None, False, False),
        (1000, None, False, False),
        (155, 15, True, False),
        (5, 4, True, False),
        (-1, 4, True, True),
    ],
)
def test_the_final_training_is_as_long_as_fits(clock, seconds, epochs, only_final, over):
    given = clock(seconds)
    assert given.epochs_that_fit(given.records.rows[0]) == epochs
    assert (given.only_final_fits(), given.is_over()) == (only_final, over)


def test_without_a_trial_nothing_is_known_of_the_pace(tmp_path):
    clock = Clock(Records(tmp_path / "none.jsonl"), 4, 20, time.monotonic() + 1)
    record = Record("a", {"hidden": 8, "precision": "int8"}, MEASURED)
    assert clock.epochs_that_fit(record) is None and not clock.only_final_fits()
