"""`edgetext.compress`: what it refuses before it searches."""

import pytest

import edgetext
from edgetext.api.compress import compressed_path


def test_a_budget_is_needed(joint, tmp_path):
    with pytest.raises(edgetext.EdgetextError, match="give a limit: max_size, max_latency"):
        edgetext.compress(joint, tmp_path / "search")
    with pytest.raises(edgetext.EdgetextError, match="give a number above 0 and its unit"):
        edgetext.compress(joint, tmp_path / "search", max_size="much")
    assert not list(tmp_path.iterdir())
    assert compressed_path(tmp_path / "a.pt") == tmp_path / "a-compressed"
