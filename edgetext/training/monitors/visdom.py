"""Visdom: curves and answers in the windows of a visdom server, https://github.com/fossasia/visdom."""

from __future__ import annotations

import html
import logging
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from edgetext.core.errors import EdgetextError
from edgetext.registry import register
from edgetext.training.monitors.monitor import Epoch, Monitor, Start, Step

# Of the window with the answers, in pixels: two columns of sentences are twice as wide as a curve.
_ANSWERS_SIZE = {"width": 760, "height": 350}


@register("monitor", "visdom")
class VisdomMonitor(Monitor):
    """Draw curves on a visdom server, in an environment of the run's name."""

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")

        server: str = Field("http://localhost:8097", description="where visdom runs")
        environment: str = Field("", description="of its windows; by default the recipe's name")
        every: int = Field(50, ge=1, description="steps a point of a curve")
        samples: int = Field(8, ge=0, description="validation texts whose answers are shown")

    config: Config

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._visdom: Any = None
        self._start: Start | None = None

    def on_start(self, start: Start) -> None:
        """Open the connection; EdgetextError where there is no server."""
        self._visdom = _connected(self.config.server, self.config.environment or start.name)
        self._start = start
        if start.step == 0:
            self._visdom.delete_env(self.config.environment or start.name)

    def on_step(self, step: Step) -> None:
        """Add a point to the curves of the steps."""
        if step.step % self.config.every:
            return
        self._point("train/loss", step.step, float(step.loss))
        self._point("train/learning_rate", step.step, step.learning_rate)
        if step.gradient_norm is not None:
            self._point("train/gradient_norm", step.step, float(step.gradient_norm))

    def on_epoch(self, epoch: Epoch) -> None:
        """Add a point to the metrics' curves, and show the answers."""
        for name, value in epoch.metrics.items():
            self._point(f"valid/{name}", epoch.step, value, markers=True)
        self._point("train/weight_norm", epoch.step, epoch.weight_norm, markers=True)
        rows = self._start.samples()[: self.config.samples] if self._start is not None else ()
        if rows:
            cells = "".join(
                f"<tr><td>{html.escape(x.text)}</td><td>{html.escape(x.answer)}</td></tr>"
                for x in rows
            )
            options = {"title": f"answers after epoch {epoch.epoch}", **_ANSWERS_SIZE}
            table = f'<table cellpadding="4">{cells}</table>'
            self._visdom.text(table, win="answers", opts=options)

    def _point(self, name: str, step: int, value: float, *, markers: bool = False) -> None:
        """Add a point to a curve. markers: with a dot, since a line of one point cannot be seen."""
        options = {"title": name, "xlabel": "step", "markers": markers}
        self._visdom.line([value], [step], win=name, update="append", opts=options)


def _connected(server: str, environment: str) -> Any:
    """Connect; OSError from then on where the server is gone."""
    try:
        from visdom import Visdom
    except ImportError as error:
        raise EdgetextError(
            "monitor type visdom needs the package visdom, whose source needs an older setuptools "
            "to be built, and whose page an older tornado: PIP_CONSTRAINT=FILE pip install visdom, "
            "where FILE has the lines setuptools<81 and tornado<6.6; or leave it out of `monitors`"
        ) from error
    try:
        parts = urlsplit(server)
        port = parts.port or 8097
    except ValueError as error:
        raise _no_address(server) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _no_address(server)
    # Visdom writes each failure to its own log as well as raising it.
    logging.getLogger("visdom").setLevel(logging.CRITICAL)
    try:
        connection = Visdom(
            server=f"{parts.scheme}://{parts.hostname}",
            port=port,
            env=environment,
            use_incoming_socket=False,
            raise_exceptions=True,
        )
        reached = connection.check_connection(timeout_seconds=3)
    except (OSError, ConnectionError) as error:
        reached, reason = False, error
        raise EdgetextError(_no_server(server)) from reason
    if not reached:
        raise EdgetextError(_no_server(server))
    return connection


def _no_address(server: str) -> EdgetextError:
    return EdgetextError(
        f"monitors: visdom's server {server} is no address; write it as http://HOST:PORT"
    )


def _no_server(server: str) -> str:
    return (
        f"monitors: no visdom server answers at {server}; start one with `python -m "
        "visdom.server`, or leave it out of `monitors`"
    )
