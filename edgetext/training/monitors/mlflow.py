"""MLflow: the run's parameters and metrics on a tracking server or in a local store."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from edgetext.core.dotted import dotted
from edgetext.core.errors import EdgetextError
from edgetext.core.quiet import quiet
from edgetext.registry import register
from edgetext.training.monitors.monitor import End, Epoch, Monitor, Start, Step

# What MLflow takes of a parameter's value, and how many at once.
LONGEST, TOGETHER = 500, 100


@register("monitor", "mlflow")
class MlflowMonitor(Monitor):
    """Log a run to MLflow; what a run is called there is the recipe's name."""

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")

        uri: str = Field(
            "",
            description="the store, as sqlite:///mlflow.db; by default $MLFLOW_TRACKING_URI",
        )
        experiment: str = Field("edgetext", description="the experiment that the run is of")
        every: int = Field(50, ge=1, description="steps a point of a curve")

    config: Config

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._client: Any = None
        self._run = ""

    def on_start(self, start: Start) -> None:
        """Create the run; EdgetextError where the store cannot be reached."""
        uri = self.config.uri or os.environ.get("MLFLOW_TRACKING_URI", "")
        if not uri:
            raise EdgetextError(
                "monitors: mlflow has no uri; give one, as {type: mlflow, uri: sqlite:///mlflow.db}"
            )
        client_class = _client_class()
        try:
            with quiet():
                self._client = client_class(uri)
                experiment = self._client.get_experiment_by_name(self.config.experiment)
                number = (
                    self._client.create_experiment(self.config.experiment)
                    if experiment is None
                    else experiment.experiment_id
                )
                self._run = self._client.create_run(number, run_name=start.name).info.run_id
                for name, value in dotted(start.recipe):
                    if value is None or value == {}:
                        continue
                    self._client.log_param(self._run, name, str(value)[:LONGEST])
        except Exception as error:  # its stores raise kinds of their own
            first = str(error).partition("\n")[0]
            raise EdgetextError(
                f"monitors: MLflow's store {uri} does not take the run ({first}); mend `uri`, or "
                "leave it out of `monitors`"
            ) from error

    def on_step(self, step: Step) -> None:
        """Log the loss and the rate."""
        if step.step % self.config.every == 0:
            figures = {"loss": float(step.loss), "learning_rate": step.learning_rate}
            if step.gradient_norm is not None:
                figures["gradient_norm"] = float(step.gradient_norm)
            self._log("train", figures, step.step)

    def on_epoch(self, epoch: Epoch) -> None:
        """Log the metrics."""
        self._log("valid", epoch.metrics, epoch.step)
        self._log("train", {"weight_norm": epoch.weight_norm}, epoch.step)

    def on_end(self, end: End) -> None:
        """Log the metrics that are kept, and end the run."""
        if self._client is None:
            return
        self._log("kept", end.metrics, end.kept)
        status = {"done": "FINISHED", "stopped": "KILLED"}.get(end.status, "FAILED")
        self._client.set_terminated(self._run, status)

    def _log(self, group: str, figures: Mapping[str, float], step: int) -> None:
        for name, value in figures.items():
            self._client.log_metric(self._run, f"{group}/{name}", value, step=step)


def _client_class() -> Any:
    try:
        from mlflow import MlflowClient
    except ImportError as error:
        raise EdgetextError(
            "monitor type mlflow needs the package mlflow; add it with `pip install mlflow`, or "
            "leave it out of `monitors`"
        ) from error
    return MlflowClient
