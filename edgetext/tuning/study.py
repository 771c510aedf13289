"""Tuning as a whole: search, curve and plan in a folder, resumable."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from edgetext.core.console import logger
from edgetext.core.files import alone_in, sha256, write_text
from edgetext.timing import machine
from edgetext.tuning.curve import Curve, saturation
from edgetext.tuning.load import Load
from edgetext.tuning.measurement import Measurement, Measurements
from edgetext.tuning.measurer import Measurer
from edgetext.tuning.page import page
from edgetext.tuning.plan import Need, need
from edgetext.tuning.search import Outcome, cheapest
from edgetext.tuning.setting import Setting
from edgetext.tuning.words import of_trial

# Requests of which 1 in 100 is too few to tell a p99 by.
FEW = 1000

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """What is looked for. p99: seconds; errors: the share of requests that may have no answer;
    curve_seconds: of each point of the curve, 0 for no curve. rates: requests a second to plan for.
    """

    load: Load
    p99: float
    errors: float = 0.0
    curve_seconds: float = 10.0
    rates: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it; curve and needs are only there where a setting was chosen."""

    task: Task
    outcome: Outcome
    curve: Curve | None = None
    needs: Sequence[Need] = ()
    machine: dict[str, Any] = field(default_factory=machine.describe)

    def as_json(self) -> dict[str, Any]:
        """Give all of it as JSON values, times in seconds; null for a time without end."""
        chosen = self.outcome.chosen
        fields: dict[str, Any] = {
            "load": self.task.load.identity(),
            "p99": self.task.p99,
            "errors": self.task.errors,
            "machine": self.machine,
            "versions": machine.versions(),
            "trials": [_trial(*trial) for trial in self.outcome.trials],
            "chosen": None if chosen is None else _trial(*chosen),
            "needs": [asdict(one) for one in self.needs],
            "curve": None,
        }
        if self.curve is not None:
            service = self.curve.service
            fields["curve"] = {
                "capacity": self.curve.capacity,
                "busy": self.curve.busy,
                "service": {
                    "mean": service.mean, "scv": service.scv, "overhead": service.overhead,
                },
                "points": [
                    {**asdict(point), "measured": _short(point.measured)}
                    for point in self.curve.points
                ],
            }  # fmt: skip
        return {name: _finite(value) for name, value in fields.items()}


def tune(settings: Sequence[Setting], task: Task, folder: Path) -> Report:
    """Find the cheapest setting, measure its curve, plan, and write tuning.json and tuning.html.

    What the folder's measurements.jsonl has already is not measured again. EdgetextError where a
    server does not start, and where another process works in the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with alone_in(folder):
        known = Measurements(folder / "measurements.jsonl")
        _warn(settings, task)

        def measure(setting: Setting) -> Measurement:
            with Measurer(setting, task.load, known, task.p99) as measurer:
                measurement = measurer.bears(task.load)
            _log.info(of_trial(setting, measurement, task.p99, task.errors))
            return measurement

        outcome = cheapest(settings, measure, task.p99, task.errors)
        report = Report(task, outcome)
        if outcome.chosen is not None and task.curve_seconds:
            setting = outcome.chosen[0]
            _log.info(f"the saturation curve of {setting}")
            with Measurer(setting, task.load, known, task.p99) as measurer:
                curve = saturation(measurer, task.load, task.curve_seconds)
            cores = len(machine.cores())
            needs = [
                need(rate, curve, setting, task.p99, task.errors, cores) for rate in task.rates
            ]
            report = Report(task, outcome, curve, needs)
        content = json.dumps(report.as_json(), indent=1, ensure_ascii=False)
        write_text(folder / "tuning.json", content + "\n")
        write_text(folder / "tuning.html", page(report))
    return report


def _warn(settings: Sequence[Setting], task: Task) -> None:
    cores = len(machine.cores())
    beyond = [setting for setting in settings if setting.cores > cores]
    if beyond:
        _log.warning(
            f"this machine has {cores} cores, and {len(beyond)} settings take more, as "
            f"{beyond[-1].processes} x {beyond[-1].threads}: what they show is not what more cores "
            "would"
        )
    if any(setting.cores == cores for setting in settings):
        _log.info(
            f"settings of {cores} cores share them with the load generator, which takes from them"
        )
    requests = len(task.load.schedule())
    if requests < FEW:
        _log.warning(
            f"the load has {requests:,} requests, so that its p99 rests on {requests // 100}; give "
            "more with --seconds"
        )


def _trial(setting: Setting, measurement: Measurement) -> dict[str, Any]:
    return {
        "file": setting.model.name,
        "sha256": sha256(setting.model),
        "processes": setting.processes,
        "threads": setting.threads,
        "deadline_ms": setting.deadline_ms,
        "command": setting.command,
        **_short(measurement),
    }


def _finite(value: Any) -> Any:
    """JSON has no infinity."""
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _short(measurement: Measurement) -> dict[str, Any]:
    """Without its many quantiles."""
    fields = asdict(measurement)
    del fields["quantiles"]
    return fields
