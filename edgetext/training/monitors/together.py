"""All monitors of a training, told one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.recipe import ComponentConfig, Recipe
from edgetext.registry import lookup
from edgetext.training.monitors.monitor import End, Epoch, Monitor, Start, Step

_log = logger(__name__)


class Monitors:
    """Tells each monitor what happens; one that can no longer write is told nothing more."""

    def __init__(self, monitors: Sequence[Monitor] = (), start: Start | None = None) -> None:
        """start: what they are told when the training begins; without it there are none."""
        self._monitors = list(monitors)
        self._start = start
        self._begun: list[Monitor] = []

    def begin(self, step: int) -> None:
        """Begin with all of them, of a run of which so many steps are done; or with none: those
        before one that cannot begin are ended. EdgetextError says which one cannot."""
        if self._start is None:
            return
        start = replace(self._start, step=step)
        for monitor in self._monitors:
            try:
                monitor.on_start(start)
            except EdgetextError:
                self.end(End("failed"))
                raise
            except Exception as error:  # folders, servers and stores raise kinds of their own
                self.end(End("failed"))
                raise EdgetextError(
                    f"{type(monitor).__name__} cannot begin ({_reason(error)}); mend that, or "
                    "leave it out of `monitors`"
                ) from error
            except BaseException:
                self.end(End("failed"))
                raise
            self._begun.append(monitor)

    def step(self, step: Step) -> None:
        """Tell of a step."""
        self._tell(lambda monitor: monitor.on_step(step))

    def epoch(self, epoch: Epoch) -> None:
        """Tell of an epoch."""
        self._tell(lambda monitor: monitor.on_epoch(epoch))

    def end(self, end: End) -> None:
        """Tell all of them that it is over; what one raises takes nothing from what was trained."""
        for monitor in self._begun:
            try:
                monitor.on_end(end)
            except Exception as error:  # as in `_tell`, and there is nothing left to end
                _log.warning(
                    "%s could not note how the run ended (%s)",
                    type(monitor).__name__,
                    _reason(error),
                )
        self._begun = []

    def _tell(self, tell: Callable[[Monitor], Any]) -> None:
        for monitor in list(self._begun):
            try:
                tell(monitor)
            except EdgetextError:
                raise
            except Exception as error:  # servers and stores raise kinds of their own
                self._begun.remove(monitor)
                _log.warning(
                    "%s is left out from here on (%s); the training goes on",
                    type(monitor).__name__,
                    _reason(error),
                )


def _reason(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__


def monitors_of(recipe: Recipe, start: Start) -> Monitors:
    """Make the monitors of a recipe; where it names none, the console, and for a run with a folder
    also files and, where it is installed, TensorBoard."""
    chosen = recipe.monitors
    if chosen is None:
        names = ["console"]
        if start.folder is not None:
            names += ["csv", *(["tensorboard"] if find_spec("tensorboard") else [])]
        chosen = [ComponentConfig(type=name) for name in names]
    for section in chosen:
        if chosen.count(section) > 1:
            raise EdgetextError(f"monitors: {section.type} is there twice; leave out one of them")
    return Monitors([_built(section) for section in chosen], start)


def _built(section: ComponentConfig) -> Monitor:
    component: Any = lookup("monitor", section.type)
    monitor: Monitor = component(component.Config(**section.own_fields))
    return monitor
