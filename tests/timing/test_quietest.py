"""The median of the quietest round."""

import numpy as np
import pytest

from edgetext.timing import quietest as module
from edgetext.timing.process import WorkerError
from edgetext.timing.quietest import WARM_UP, quietest


def test_it_is_the_least_median_of_the_rounds_behind_the_warm_up(monkeypatch, tmp_path):
    given = [[1, 1, 1]] * WARM_UP + [[9, 30, 40], [5, 20, 90], [8, 21, 22]]

    class Worker:
        def __init__(self, entry, threads, cores, text):
            self.rounds = iter(given)

        def set_calls(self, calls):
            assert calls == [["a"], ["b"], ["c"]]

        def time(self, count):
            return np.array(next(self.rounds)[:count], float)

        def close(self):
            assert next(self.rounds, None) is None

    monkeypatch.setattr(module, "Worker", Worker)
    assert quietest(tmp_path / "m.onnx", ["a", "b", "c"], rounds=3) == 20


def test_a_file_that_cannot_be_loaded_ends_the_measuring(tmp_path):
    (tmp_path / "m.onnx").write_bytes(b"nothing")
    with pytest.raises(WorkerError):
        quietest(tmp_path / "m.onnx", ["a"], rounds=1)
