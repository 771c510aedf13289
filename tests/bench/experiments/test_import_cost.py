"""The processor time and the memory of a process, and what it says where it fails."""

import pytest

from edgetext_bench.experiments.import_cost import cost

LEAST = 0.2


def test_a_process_is_measured_with_those_that_it_starts():
    """However fast the machine is, it ends when its own clock says so."""
    work = f"import time\nwhile time.process_time() < {LEAST}: kept = bytearray(200_000_000)"
    seconds, memory = cost(["-c", work])
    assert seconds >= LEAST and memory >= 200
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"
    assert cost(["-c", child])[0] >= LEAST


def test_what_went_wrong_is_said():
    with pytest.raises(SystemExit, match="no such model"):
        cost(["-c", "raise ValueError('no such model')"])
