"""How many processes, and machines like this one, a rate needs."""

from __future__ import annotations

import math
from dataclasses import dataclass

from edgetext.tuning.curve import Curve
from edgetext.tuning.queueing import highest_rate
from edgetext.tuning.setting import Setting


@dataclass(frozen=True, slots=True)
class Need:
    """rate: requests a second. by_model, by_curve: processes, None where no number of them is
    enough. machines: for the larger of both, with a core a thread."""

    rate: float
    by_model: int | None
    by_curve: int | None
    machines: int | None


def need(
    rate: float, curve: Curve, setting: Setting, p99: float, errors: float, cores: int
) -> Need:
    """Say what a rate needs, if processes do not slow each other down; cores: of a machine.

    Each process has a queue of its own, so that what one of them bears is all that has to be known.
    """
    by_model = _processes(rate, highest_rate(curve.service, p99, curve.gap_scv))
    by_curve = _processes(rate, curve.highest_rate(p99, errors) / setting.processes)
    machines = None
    if by_model is not None and by_curve is not None:
        on_one = max(1, cores // setting.threads)
        machines = math.ceil(max(by_model, by_curve) / on_one)
    return Need(rate, by_model, by_curve, machines)


def _processes(rate: float, each: float) -> int | None:
    return math.ceil(rate / each) if each > 0 else None
