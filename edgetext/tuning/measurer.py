"""Measuring a setting: its server, and loads on it, each once in a folder of measurements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from edgetext.core.console import bar
from edgetext.core.files import sha256
from edgetext.loadtest import generator
from edgetext.loadtest.result import Result
from edgetext.loadtest.server import Server
from edgetext.timing import machine
from edgetext.tuning.load import Load
from edgetext.tuning.measurement import Measurement, Measurements, measured
from edgetext.tuning.setting import Setting
from edgetext.version import __version__

# Seconds of full load before a server is measured, and how often is measured again where the
# generator was late, which another program's work may have been the reason of.
WARM_UP, AGAIN = 0.5, 2
# Requests under way, a process, that keep a server busy: as many as wait for however slow a model
# (serving/waiting.py), so that none is refused.
BUSY = 16
# The share of the target that 99 of 100 requests may go out late at most, and no less than that
# many seconds: their latency counts from when they were due, so that lateness makes it larger.
LATE_SHARE, LATE_LEAST = 0.5, 0.001


@dataclass(slots=True)
class Measurer(AbstractContextManager["Measurer"]):
    """Measures one setting; its server starts when something is to be measured, and ends with the
    block. target: seconds of the p99 that is asked for."""

    setting: Setting
    load: Load
    known: Measurements
    target: float
    _server: Server | None = field(default=None, init=False)

    def bears(self, load: Load) -> Measurement:
        """Offer a load in an open loop."""
        schedule = load.schedule()
        return self._kept(
            {"kind": "load", **load.identity()},
            load.seconds,
            lambda url, watch: generator.run(
                url, schedule, load.texts, cores=self._sender(), watch=watch
            ),
            schedule.gap_scv,
        )

    def capacity(self, seconds: float, number: int) -> Measurement:
        """Measure what it answers at most, in a closed loop of BUSY requests a process; number: how
        often that was done before."""
        return self._closed(f"capacity {number}", seconds, BUSY * self.setting.processes)

    def unhurried(self, seconds: float) -> Measurement:
        """Measure how long an answer takes where nobody waits: one request after the other."""
        return self._closed("unhurried", seconds, 1)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()

    def _closed(self, kind: str, seconds: float, connections: int) -> Measurement:
        texts = self.load.texts
        identity = {**self.load.identity(), "seconds": seconds, "arrivals": ""}
        return self._kept(
            {"kind": kind, **identity},
            seconds,
            lambda url, watch: generator.saturate(
                url, seconds, texts, connections=connections, cores=self._sender(), watch=watch
            ),
        )

    def _kept(
        self,
        of: Mapping[str, Any],
        seconds: float,
        run: Callable[[str, generator.Watch], Result],
        gap_scv: float = 1.0,
    ) -> Measurement:
        """What was measured before, or else is now."""
        identity = {
            **of,
            "file": sha256(self.setting.model),
            "processes": self.setting.processes,
            "threads": self.setting.threads,
            "deadline_ms": self.setting.deadline_ms,
            "machine": machine.describe()["id"],
            "version": __version__,
        }
        measurement = self.known.find(identity)
        if measurement is not None and measurement.in_time:
            return measurement
        server = self._ready()
        for _ in range(1 + AGAIN):
            before = server.usage().processor
            result = _watched(str(self.setting), seconds, lambda w: run(server.url, w))
            most_late = max(LATE_LEAST, LATE_SHARE * self.target)
            after = server.usage()
            measurement = measured(
                result,
                after.processor - before,
                after.peak,
                self.setting.processes,
                most_late,
                gap_scv,
            )
            if measurement.in_time:
                break
        assert measurement is not None
        self.known.add(identity, measurement)
        return measurement

    def _ready(self) -> Server:
        """Start the server, and let all of its processes answer."""
        if self._server is None:
            setting = self.setting
            spare = machine.cores()[1:]
            apart = setting.cores <= len(spare)
            self._server = Server(setting.arguments, setting.processes, spare if apart else ())
            connections = BUSY * setting.processes
            generator.saturate(self._server.url, WARM_UP, self.load.texts, connections=connections)
        return self._server

    def _sender(self) -> list[int]:
        """The core of whoever sends requests; any where the server needs all."""
        cores = machine.cores()
        return cores[:1] if self.setting.cores < len(cores) else []


def _watched(what: str, seconds: float, run: Callable[[generator.Watch], Result]) -> Result:
    """Run a load beside a bar."""
    with bar() as progress:
        task = progress.add_task(what, total=seconds)
        return run(lambda past: progress.update(task, completed=min(past, seconds)))
