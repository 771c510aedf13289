"""The processor time and the memory of a process, and what it says where it fails."""

import pytest

from edgetext_bench.experiments.import_cost import cost


def test_a_process_is_measured_with_those_that_it_starts():
    work = "sum(i * i for i in range(3_000_000)); kept = bytearray(200_000_000)"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"
    alone, memory = cost(["-c", work])
    assert alone > 0.05 and memory >= 200
    assert cost(["-c", child])[0] > alone / 2


def test_what_went_wrong_is_said():
    with pytest.raises(SystemExit, match="no such model"):
        cost(["-c", "raise ValueError('no such model')"])
