"""The order of labels."""

import pytest

from edgetext.data.label_name import in_order


@pytest.mark.parametrize(
    ("labels", "ordered"),
    [
        ({"10", "2", "1", "0"}, ["0", "1", "2", "10"]),
        ({"5", "-1", "-10"}, ["-10", "-1", "5"]),
        ({"10", "2", "b"}, ["10", "2", "b"]),
        ({"1.5", "10", "2"}, ["1.5", "10", "2"]),
        ({"b", "B", "a"}, ["B", "a", "b"]),
    ],
)
def test_whole_numbers_stand_in_their_order(labels, ordered):
    assert in_order(labels) == ordered
