"""Garbage is looked for less often for a while, and then as before."""

import gc

import pytest

from edgetext.core.collecting import THRESHOLDS, collected_seldom


def test_all_is_as_before_even_behind_an_error():
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="no file"), collected_seldom():
        assert gc.get_threshold() == THRESHOLDS
        with collected_seldom():
            assert gc.get_freeze_count() > 0
        # What the outer block left out is still left out.
        assert gc.get_threshold() == THRESHOLDS and gc.get_freeze_count() > 0
        raise ValueError("no file")
    assert gc.get_threshold() == before and gc.get_freeze_count() == 0
