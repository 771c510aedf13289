"""The walk that ExecuTorch takes is the one that all others do."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from edgetext.text.walk import Walk, WalkBySums

# Of each place its match, how many symbols that has, and whether a word begins there or it is a
# space; a space has no length, and what matches nothing is 1 and has none either.
places = st.lists(
    st.tuples(st.integers(2, 9), st.integers(0, 4), st.booleans()), min_size=1, max_size=40
)


@given(places=places, word_pieces=st.sampled_from([1, 2, 4, 16]))
def test_both_emit_the_same(places, word_pieces):
    match, length, edge = (torch.tensor(column) for column in zip(*places, strict=True))
    # The last place is a space, behind which no match reaches.
    ends = torch.arange(len(places)) + length < len(places)
    length = torch.where(ends, length, 0)
    edge[0] = edge[-1] = True
    given_to = match.long(), length.long(), edge, edge.long()
    assert torch.equal(WalkBySums(word_pieces)(*given_to), Walk(word_pieces)(*given_to))
