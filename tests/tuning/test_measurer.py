"""Measuring a setting, with a server and a generator that are none."""

from pathlib import Path

import numpy as np
import pytest

from edgetext.loadtest import generator
from edgetext.loadtest.arrivals import pattern_of
from edgetext.loadtest.result import Result
from edgetext.loadtest.usage import Usage
from edgetext.tuning import measurer as module
from edgetext.tuning.load import Load
from edgetext.tuning.measurement import Measurements
from edgetext.tuning.measurer import Measurer
from edgetext.tuning.setting import Setting

LOAD = Load(pattern_of("constant:rate=10"), [("a",)], 1.0)


class Server:
    """Takes a second of the processor between two looks."""

    url = "http://127.0.0.1:1"
    opened = closed = 0

    def __init__(self, arguments, processes, cores):
        Server.opened += 1
        self.looks = 0

    def usage(self):
        self.looks += 1
        return Usage(float(self.looks), 1, 2, 1)

    def close(self):
        Server.closed += 1


@pytest.fixture
def setting(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(b"a model")
    return Setting(Path(path), 1, 1, 5000)


@pytest.fixture
def late(monkeypatch):
    """How late the generator is in its next runs, in seconds; then in time."""
    seconds = []

    def run(url, schedule, texts, **options):
        behind = seconds.pop(0) if seconds else 0.0
        times = np.full(len(schedule), 0.002)
        status = np.full(len(schedule), 200)
        return Result(schedule.times, times * 0 + behind, times, status, schedule.seconds)

    def saturate(url, seconds, texts, **options):
        return run(url, pattern_of("constant:rate=100").schedule(seconds, 0), texts)

    Server.opened = Server.closed = 0
    monkeypatch.setattr(module, "Server", Server)
    monkeypatch.setattr(generator, "run", run)
    monkeypatch.setattr(generator, "saturate", saturate)
    return seconds


def test_what_was_late_is_measured_again(setting, late, tmp_path):
    late += [0.0, 0.5, 0.5]
    with Measurer(setting, LOAD, Measurements(tmp_path / "kept"), 0.01) as measurer:
        one = measurer.bears(LOAD)
    assert one.in_time and not late
    assert one.processor == pytest.approx(0.1)
    assert (Server.opened, Server.closed) == (1, 1)


def test_what_is_always_late_is_not_valid_and_no_rest_to_go_on_from(setting, late, tmp_path):
    path = tmp_path / "kept"
    late += [0.0, *[0.5] * 3]
    with Measurer(setting, LOAD, Measurements(path), 0.01) as measurer:
        assert not measurer.bears(LOAD).in_time
    with Measurer(setting, LOAD, Measurements(path), 0.01) as measurer:
        assert measurer.bears(LOAD).in_time
    with Measurer(setting, LOAD, Measurements(path), 0.01) as measurer:
        assert measurer.bears(LOAD).in_time
    assert (Server.opened, Server.closed) == (2, 2)


def test_lateness_of_half_the_target_is_still_in_time(setting, late, tmp_path):
    late += [0.0, 0.3]
    with Measurer(setting, LOAD, Measurements(tmp_path / "kept"), 1.0) as measurer:
        assert measurer.bears(LOAD).in_time


def test_another_load_file_or_setting_is_measured_anew(setting, late, tmp_path):
    known = Measurements(tmp_path / "kept")

    def opened(one, load=LOAD):
        before = Server.opened
        with Measurer(one, load, known, 1.0) as measurer:
            measurer.bears(load)
        return Server.opened - before

    assert [opened(setting), opened(setting)] == [1, 0]
    assert opened(setting, LOAD.at(20, 1.0)) == 1
    assert opened(setting, Load(LOAD.arrivals, [("b",)], 1.0)) == 1
    assert opened(Setting(setting.model, 1, 1, 10)) == 1
    setting.model.write_bytes(b"another")
    assert opened(setting) == 1


def test_the_limit_is_measured_once_a_number(setting, late, tmp_path):
    known = Measurements(tmp_path / "kept")
    with Measurer(setting, LOAD, known, 1.0) as measurer:
        first = measurer.capacity(1.0, 0)
        measurer.capacity(1.0, 1)
        assert measurer.capacity(1.0, 0) == first
        assert measurer.unhurried(1.0).throughput == pytest.approx(100)
    assert len((tmp_path / "kept").read_text().splitlines()) == 3
