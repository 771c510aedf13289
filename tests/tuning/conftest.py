"""Measurements that nobody made."""

import pytest

from edgetext.tuning.measurement import Measurement


@pytest.fixture(scope="session")
def measurement():
    """measurement(**fields) -> one of 1,000 requests, 100 a second, all answered in 1 ms."""

    def make(**fields):
        known = {
            "requests": 1000, "rate": 100.0, "throughput": 100.0, "mean": 0.001, "p50": 0.001,
            "p99": 0.001, "errors": 0.0, "statuses": {"200": 1000}, "processor": 0.001,
            "busy": 0.1, "peak": 1 << 20, "lateness": 0.0, "in_time": True,
        }  # fmt: skip
        return Measurement(**{**known, **fields})

    return make
