"""Measurements and the file that keeps them."""

import math

import numpy as np
import pytest

from edgetext.core.errors import EdgetextError
from edgetext.loadtest.result import Result
from edgetext.tuning.measurement import Measurements, measured


def test_a_load_is_summed_up():
    due = np.arange(100) / 10
    status = np.full(100, 200)
    status[:10] = 429
    result = Result(due, np.zeros(100), np.full(100, 0.002), status, 10.0)
    one = measured(result, 1.8, 1 << 20, 2, 0.001)
    assert (one.requests, one.rate, one.throughput) == (100, 10, 9)
    assert one.errors == pytest.approx(0.1)
    assert one.processor == pytest.approx(0.02)
    assert one.busy == pytest.approx(0.09)
    assert one.p99 == pytest.approx(0.002) and one.in_time
    assert len(one.quantiles) == 200


def test_a_load_without_an_answer_has_endless_times():
    nothing = np.full(3, np.nan)
    result = Result(np.arange(3.0), np.zeros(3), nothing, np.zeros(3), 3.0, {"timed out": 3})
    one = measured(result, 0.5, 1, 1, 0.001)
    assert one.p99 == math.inf and one.errors == 1
    assert not one.meets(10.0, 1.0)


def test_measurements_are_found_again_by_what_they_are_of(tmp_path, measurement):
    path = tmp_path / "measurements.jsonl"
    known = Measurements(path)
    known.add({"kind": "load", "processes": 1}, measurement(p99=0.5))
    known.add({"kind": "load", "processes": 2}, measurement())
    known.add({"kind": "load", "processes": 1}, measurement(p99=0.25, quantiles=[0.1]))
    again = Measurements(path)
    assert again.find({"kind": "load", "processes": 1}) == measurement(p99=0.25, quantiles=[0.1])
    assert again.find({"kind": "load", "processes": 3}) is None


def test_endless_times_are_kept(tmp_path, measurement):
    path = tmp_path / "measurements.jsonl"
    Measurements(path).add({}, measurement(p99=math.inf))
    assert Measurements(path).find({}).p99 == math.inf


def test_a_line_that_was_cut_short_is_measured_again(tmp_path, measurement):
    path = tmp_path / "measurements.jsonl"
    known = Measurements(path)
    known.add({"processes": 1}, measurement())
    known.add({"processes": 2}, measurement())
    path.write_bytes(path.read_bytes()[:-20])
    again = Measurements(path)
    assert again.find({"processes": 1}) and not again.find({"processes": 2})
    again.add({"processes": 2}, measurement())
    assert Measurements(path).find({"processes": 2})


def test_a_line_that_is_no_measurement_is_said(tmp_path, measurement):
    path = tmp_path / "measurements.jsonl"
    Measurements(path).add({}, measurement())
    path.write_text(path.read_text() + '{"of": {}}\n')
    with pytest.raises(EdgetextError, match=r"measurements\.jsonl:2: this line is no measurement"):
        Measurements(path)
