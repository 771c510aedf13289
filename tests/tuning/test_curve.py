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
EVEN = [1000.0] * (len(SHARES) + 1)


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


def test_the_limit_is_measured_beside_each_point(measurer):
    limits = [1000.0 + 100 * number for number in range(len(SHARES) + 1)]
    one = measurer(*limits)
    curve = saturation(one, LOAD, 4.0)
    assert one.said[0] == "capacity 0"
    assert one.said[2::2] == [f"capacity {number}" for number in range(1, len(limits))]
    rates = [share * limit for share, limit in zip(SHARES, limits, strict=False)]
    assert one.said[1::2] == [pytest.approx(rate) for rate in rates]
    assert curve.capacity == pytest.approx(1400)
    # The model has the mean of the limits on both sides.
    between = [pytest.approx(x / (y + 50), abs=1e-9) for x, y in zip(rates, limits, strict=False)]
    assert [point.apart.utilization for point in curve.points] == between


def test_the_service_is_that_of_one_process(measurer):
    curve = saturation(measurer(*EVEN), LOAD, 4.0)
    assert curve.service.mean == pytest.approx(0.002)
    assert curve.service.scv == 2.0
    assert curve.service.overhead == pytest.approx(0.001)


def test_a_wait_is_what_an_unhurried_answer_does_not_take(measurer):
    curve = saturation(measurer(*EVEN), LOAD, 4.0)
    assert [point.wait for point in curve.points] == pytest.approx([0.001] * len(SHARES))
    assert curve.points[0].apart.utilization == pytest.approx(SHARES[0])


def test_a_server_that_answers_nothing_is_said(measurer):
    with pytest.raises(EdgetextError, match=r"no request was answered .*429"):
        saturation(measurer(0.0), LOAD, 4.0)
    with pytest.raises(EdgetextError, match="no request was answered"):
        saturation(measurer(1000.0, 0.0), LOAD, 4.0)
