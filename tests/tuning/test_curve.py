"""The saturation curve, by a measurer that makes it up."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.loadtest.arrivals import pattern_of
from edgetext.tuning.curve import SHARES, saturation
from edgetext.tuning.load import Load
from edgetext.tuning.setting import Setting

LOAD = Load(pattern_of("poisson:rate=10"), [("a",)], 1.0)


@pytest.fixture
def measurer(measurement):
    """measurer(*capacities) -> one whose servers answer so many requests a second at most."""

    def make(*capacities):
        said = []
        limits = iter(capacities)

        def capacity(seconds, number):
            said.append(f"capacity {number}")
            limit = next(limits)
            return measurement(throughput=limit, statuses={"429": 9}, dispersion=2.0)

        def bears(load):
            said.append(load.rate)
            return measurement(rate=load.rate, mean=0.004, p99=0.01)

        return SimpleNamespace(
            setting=Setting(Path("a.onnx"), 2, 1, 0),
            unhurried=lambda seconds: measurement(mean=0.003, quantiles=[0.003]),
            capacity=capacity,
            bears=bears,
            said=said,
        )

    return make


def test_the_limit_is_measured_before_between_and_after(measurer):
    one = measurer(1000.0, 2000.0, 1500.0)
    curve = saturation(one, LOAD, 4.0)
    rates = [pytest.approx(1000 * share) for share in SHARES]
    assert one.said == ["capacity 0", *rates[:4], "capacity 1", *rates[4:], "capacity 2"]
    assert curve.capacity == 1500


def test_the_service_is_that_of_one_process(measurer):
    curve = saturation(measurer(1000.0, 1000.0, 1000.0), LOAD, 4.0)
    assert curve.service.mean == pytest.approx(0.002)
    assert curve.service.scv == 2.0
    assert curve.service.overhead == pytest.approx(0.001)


def test_a_wait_is_what_an_unhurried_answer_does_not_take(measurer):
    curve = saturation(measurer(1000.0, 1000.0, 1000.0), LOAD, 4.0)
    assert [point.wait for point in curve.points] == pytest.approx([0.001] * len(SHARES))
    assert curve.points[0].apart.utilization == pytest.approx(SHARES[0])


def test_a_server_that_answers_nothing_is_said(measurer):
    with pytest.raises(EdgetextError, match=r"no request was answered .*429"):
        saturation(measurer(0.0), LOAD, 4.0)
