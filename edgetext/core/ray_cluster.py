"""A Ray cluster for the time of a run."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator
from typing import Any

_ADDRESS = "RAY_ADDRESS"


@contextlib.contextmanager
def cluster(ray: Any, workers: int) -> Iterator[None]:
    """Connect to the cluster of RAY_ADDRESS, or start one with a processor a worker; neither where
    there is one. What Ray itself says, mostly about itself, is not shown."""
    if ray.is_initialized():
        yield
        return
    # Ray Data hands actors what they begin with in a way that Ray's core writes a line about.
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    options: dict[str, Any] = {"logging_level": logging.ERROR, "log_to_driver": False}
    if _ADDRESS not in os.environ:
        options |= {"num_cpus": max(workers, os.cpu_count() or 1), "include_dashboard": False}
    ray.init(**options)
    try:
        yield
    finally:
        ray.shutdown()
