"""How many processes a rate needs."""

from pathlib import Path

import numpy as np
import pytest

from edgetext.tuning.curve import Curve, Point
from edgetext.tuning.plan import need
from edgetext.tuning.queueing import Service, forecast, forecast_apart
from edgetext.tuning.setting import Setting
from edgetext.tuning.words import busy_line, curve_table, plan_table, service_line

SERVICE = Service(0.01, 1.0, 0.0, np.full(10, 0.01))


@pytest.fixture
def curve(measurement):
    """curve(*(rate, p99)) -> of a server that answers 100 a second at most."""

    def make(*points, busy=1.0):
        return Curve(
            [measurement(throughput=100.0, busy=busy)],
            measurement(),
            SERVICE,
            1.0,
            [
                Point(
                    rate / 100,
                    measurement(rate=rate, p99=p99),
                    0.001,
                    forecast(rate, 1, SERVICE),
                    forecast_apart(rate, 1, SERVICE),
                )
                for rate, p99 in points
            ],
        )

    return make


def test_the_curve_is_met_up_to_between_two_points(curve):
    one = curve((20, 0.02), (60, 0.04), (80, 0.08), (90, 0.02))
    assert one.highest_rate(0.06, 0.0) == pytest.approx(70)
    assert one.highest_rate(0.5, 0.0) == 90
    assert one.highest_rate(0.01, 0.0) == 0


def test_a_rate_needs_as_many_processes_as_bear_it(curve):
    one = curve((20, 0.02), (60, 0.04), (80, 0.08))
    setting = Setting(Path("a.onnx"), 1, 2, 5000)
    needed = need(1000, one, setting, 0.06, 0.0, cores=8)
    assert needed.by_curve == 15
    # What one process bears by the model, at this time, is what the processes are counted by.
    assert needed.by_model > 10
    assert needed.machines == -(-max(needed.by_curve, needed.by_model) // 4)


def test_a_time_that_no_process_reaches_needs_no_number(curve):
    needed = need(10, curve((20, 0.02)), Setting(Path("a"), 1, 1, 0), 0.001, 0.0, 2)
    assert (needed.by_model, needed.by_curve, needed.machines) == (None, None, None)
    assert plan_table([needed], 2).splitlines()[1].split() == ["10", "never", "never", "never"]


def test_the_table_has_the_error_of_the_model(curve):
    one = curve((50, 0.02), (110, 2.0))
    lines = curve_table(one, 1).splitlines()
    assert lines[1].split()[:2] == ["50", "100"] and "%" in lines[1]
    assert lines[2].count("∞") == 2
    assert "one queue" in curve_table(one, 2).splitlines()[0]
    assert "answers at most 100 requests/s" in service_line(one)


def test_a_machine_that_others_use_is_told(curve):
    assert busy_line(curve((50, 0.02))) == ""
    assert "had 60 % of a core" in busy_line(curve((50, 0.02), busy=0.6))
