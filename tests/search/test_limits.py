"""Limits: how they are written, and what passes them."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.search.limits import Cost, Limits, bytes_of, milliseconds_of


@pytest.mark.parametrize(
    ("text", "size"),
    [("400kB", 400_000), ("1.5 MB", 1_500_000), ("300KiB", 307_200), ("123456", 123_456)],
)
def test_sizes(text, size):
    assert bytes_of(text) == size


@pytest.mark.parametrize(("text", "time"), [("0.3ms", 0.3), ("300us", 0.3), ("80 µs", 0.08)])
def test_times(text, time):
    assert milliseconds_of(text) == pytest.approx(time)


@pytest.mark.parametrize("text", ["", "kB", "-3kB", "0", "3 apples", "4x"])
def test_what_is_no_quantity_is_refused(text):
    with pytest.raises(EdgetextError, match=r"--max-size .*: give a number above 0"):
        bytes_of(text)


def test_what_passes_its_limit_is_named_with_by_how_much():
    limits = Limits(400_000, 0.25, 0.5)
    assert not limits.excess(Cost(400_000, 0.25, 0.5))
    cost = Cost(440_000, 0.5, 1.75)
    assert limits.excess(cost) == pytest.approx({"size": 0.1, "latency": 1.0, "drop": 1.25})
    assert limits.in_words(cost) == [
        "--max-size 400,000 bytes: the file has 440,000, 10.0 % more",
        "--max-latency 0.25 ms: it takes 0.500 ms, 100.0 % more",
        "--max-drop 0.5 points: it loses 1.75, 1.25 more",
    ]
    assert not Limits(drop=2.0).in_words(cost)
