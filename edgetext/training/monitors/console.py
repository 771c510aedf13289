"""The console: a line an epoch."""

from __future__ import annotations

from edgetext.core import console
from edgetext.registry import register
from edgetext.training.kept import duration, in_words
from edgetext.training.monitors.monitor import Epoch, Monitor

_log = console.logger(__name__)


@register("monitor", "console")
class ConsoleMonitor(Monitor):
    """Log a line an epoch."""

    def on_epoch(self, epoch: Epoch) -> None:
        """Log the loss, the metrics and the time that is left."""
        line = f"epoch {epoch.epoch}/{epoch.epochs}  loss {epoch.loss:.4f}  "
        line += in_words(epoch.metrics)
        if epoch.epoch < epoch.epochs:
            line += f"  {duration(epoch.seconds_left)} left"
        _log.info("%s", line)
