"""Which trials are trained fully, and in which order."""

import pytest

from edgetext.search.limits import Cost, Limits
from edgetext.search.ranking import FINALISTS, IN_PRECISIONS, distance, finalists, ranked, within
from edgetext.search.record import MEASURED, SKIPPED, STOPPED, Record, Records

LIMITS = Limits(size=1000, drop=1.0)


def trial(name, status=MEASURED, size=900, drop=0.5, hidden=8, precision="int8"):
    choice = {"hidden": hidden, "precision": precision}
    return Record(name, choice, status, cost=Cost(size, 1.0, drop))


@pytest.fixture
def records(tmp_path):
    records = Records(tmp_path / "trials.jsonl")
    records.rows += [
        trial("large", size=2000, drop=0.0),
        trial("lossy", drop=3.0),
        trial("good", drop=0.2),
        trial("small", drop=0.2, size=500),
        trial("untrained", SKIPPED, size=1500),
        trial("stopped", STOPPED, drop=0.0),
    ]
    return records


def test_those_within_size_come_by_their_drop_and_then_by_their_size(records):
    assert [r.name for r in within(records, LIMITS)] == ["small", "good", "lossy"]
    assert ranked(records, LIMITS) == within(records, LIMITS)


def test_where_none_is_within_the_nearest_comes_first(records):
    tight = Limits(size=400)
    assert within(records, tight) == []
    names = [r.name for r in ranked(records, tight)]
    assert names[0] == "small" and names[-1] == "large" and "stopped" not in names


def test_the_distance_is_that_of_the_worst_limit():
    assert distance(trial("a"), LIMITS) == 0
    assert distance(trial("a", size=1500), LIMITS) == pytest.approx(0.5)


def test_a_few_shapes_are_taken_each_in_a_few_precisions():
    trials = [
        trial(f"{hidden}-{precision}", hidden=hidden, precision=precision)
        for hidden in range(8, 8 + FINALISTS + 2)
        for precision in ("int8", "int4", "float32")
    ]
    taken = [r.name for r in finalists(trials)]
    assert taken == [f"{8 + i}-{x}" for i in range(FINALISTS) for x in ("int8", "int4")]
    assert len(taken) == FINALISTS * IN_PRECISIONS
