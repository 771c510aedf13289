"""Which setting is chosen, by measurements that nobody made."""

from pathlib import Path

import pytest

from edgetext.tuning.search import cheapest
from edgetext.tuning.setting import Setting, counts, grid

PLAIN, BATCH = Path("plain.onnx"), Path("batch.onnx")


@pytest.fixture
def search(measurement):
    """search(settings, fields by setting) -> the outcome, and what was measured in its order."""

    def run(settings, fields_of, p99=0.01, errors=0.0):
        asked = []

        def measure(setting):
            asked.append(setting)
            return measurement(**fields_of(setting))

        return cheapest(settings, measure, p99, errors), asked

    return run


def test_settings_of_more_cores_are_not_measured_where_fewer_do(search):
    settings = grid([PLAIN], [1, 2, 4], [1], [5000], 4)
    outcome, asked = search(settings, lambda s: {"p99": 0.02 / s.processes})
    assert [s.processes for s in asked] == [1, 2]
    assert outcome.chosen[0].processes == 2


def test_of_as_many_cores_the_least_processor_time_wins(search):
    settings = grid([PLAIN, BATCH], [1, 2], [1], [5000], 2)
    time = {PLAIN: 0.002, BATCH: 0.001}
    outcome, asked = search(settings, lambda s: {"processor": time[s.model]})
    assert outcome.chosen[0] == Setting(BATCH, 1, 1, 5000)
    assert len(asked) == 2


@pytest.mark.parametrize("fault", [{"p99": 0.011}, {"errors": 0.01}, {"in_time": False}])
def test_what_is_slow_refused_or_not_valid_is_not_chosen(search, fault):
    settings = grid([PLAIN], [1, 2], [1], [5000], 2)
    outcome, asked = search(settings, lambda s: fault if s.processes == 1 else {})
    assert outcome.chosen[0].processes == 2
    assert len(asked) == 2


def test_errors_are_allowed_where_that_is_said(search):
    settings = grid([PLAIN], [1], [1], [5000, 10], 1)
    fields = {5000: {"p99": 0.1}, 10: {"errors": 0.01}}
    outcome, _ = search(settings, lambda s: fields[s.deadline_ms], errors=0.02)
    assert outcome.chosen[0].deadline_ms == 10


def test_the_best_is_the_nearest_valid_one(search):
    settings = grid([PLAIN], [1, 2, 4], [1], [5000], 4)
    fields = {1: {"p99": 0.05}, 2: {"p99": 0.03}, 4: {"p99": 0.02, "in_time": False}}
    outcome, asked = search(settings, lambda s: fields[s.processes])
    assert outcome.chosen is None
    assert outcome.best[0].processes == 2
    assert len(asked) == len(outcome.trials) == 3


def test_the_grid_has_the_fewest_cores_first_and_no_more_than_there_are():
    settings = grid([PLAIN], [1, 2, 4], [1, 2, 4], [0], 4)
    assert [(s.processes, s.threads) for s in settings] == [
        *((1, 1), (2, 1), (1, 2), (4, 1), (2, 2), (1, 4))
    ]


@pytest.mark.parametrize(
    ("most", "listed"), [(1, [1]), (2, [1, 2]), (3, [1, 2, 3]), (6, [1, 2, 4, 6])]
)
def test_counts_double_up_to_the_cores(most, listed):
    assert counts(most) == listed


def test_a_setting_says_the_command_that_serves_so():
    setting = Setting(Path("a b.onnx"), 2, 1, 0)
    assert setting.command == ("edgetext serve 'a b.onnx' --threads 1 --deadline-ms 0 --workers 2")
    assert str(setting) == "a b.onnx, 2 x 1, deadline none"
