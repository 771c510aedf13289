"""Arithmetic of whole numbers."""

import pytest

from edgetext.core.integers import ceil_div


@pytest.mark.parametrize(
    ("count", "size", "parts"),
    [(0, 3, 0), (1, 3, 1), (3, 3, 1), (4, 3, 2), (10**17 + 1, 2, 5 * 10**16 + 1)],
)
def test_the_last_part_need_not_be_full(count, size, parts):
    assert ceil_div(count, size) == parts
