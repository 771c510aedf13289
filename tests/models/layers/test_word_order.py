"""Counts of what stands in another order in the other text."""

import pytest
import torch

from edgetext.models.layers.word_order import WordOrder
from edgetext.models.networks.cross_encoder import in_second
from edgetext.text.vocabulary import CLS, UNK


def counts(one, other, padding=0):
    """The counts of two texts, equal whether they are joined and padded or apart."""
    order = WordOrder()
    ids, ids_b = (torch.tensor([[CLS, *text]]) for text in (one, other))
    joined = torch.cat([ids, ids_b, torch.zeros(1, padding, dtype=torch.int64)], 1)
    found = order.apart(ids, ids_b)
    torch.testing.assert_close(order(joined, in_second(joined)), found)
    assert found.shape == (1, WordOrder.count)
    return [round(float(x)) for x in torch.expm1(found[0, :8])]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([5, 6, 7, 8, 9], [5, 6, 7, 8, 9], [5, 0, 0, 0, 0, 0, 0, 0]),
        # A clause of two that is moved crosses three others and makes one step back.
        ([5, 6, 7, 8, 9], [8, 9, 5, 6, 7], [5, 0, 0, 6, 3, 5, 1, 0]),
        # Two that are exchanged make two.
        ([5, 6, 7, 8, 9], [9, 6, 7, 8, 5], [5, 0, 0, 7, 4, 5, 2, 0]),
        # What has no counterpart is stepped over.
        ([5, 6, 7], [5, 6, 10, 11, 7], [3, 0, 2, 0, 0, 0, 0, 1]),
        # Of two equal pieces the one with the same neighbor is the counterpart.
        ([5, 6, 5, 7], [5, 7, 6], [3, 1, 0, 2, 2, 3, 1, 0]),
        # Unknown pieces have none.
        ([5, UNK, 6], [5, UNK, 6], [2, 0, 0, 0, 0, 0, 0, 1]),
        ([5], [6, 7], [0, 1, 2, 0, 0, 0, 0, 0]),
        ([], [6], [0, 0, 1, 0, 0, 0, 0, 0]),
        ([], [], [0, 0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_what_is_moved_is_counted(one, other, expected):
    assert counts(one, other, padding=2) == expected
