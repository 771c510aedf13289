"""Files that any program reads, and `edgetext runs`: run.json, epochs.csv and steps.csv."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from edgetext.core.files import write_text
from edgetext.registry import register
from edgetext.training.monitors.monitor import End, Epoch, Monitor, Start, Step
from edgetext.version import __version__

ABOUT, EPOCHS, STEPS = "run.json", "epochs.csv", "steps.csv"
STEP_FIELDS = ("step", "epoch", "loss", "learning_rate", "gradient_norm")


@register("monitor", "csv")
class TableMonitor(Monitor):
    """Write what a run is, and a row an epoch and a row each so many steps.

    Rows are added, so that what is there is whole whenever the run ends. One that goes on after a
    state which is older than the last rows takes those out first.
    """

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")

        every: int = Field(10, ge=1, description="steps a row of steps.csv")

    config: Config

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._folder: Path | None = None
        self._about: dict[str, Any] = {}
        self._steps: list[Step] = []

    def on_start(self, start: Start) -> None:
        """Write run.json, and the tables anew or as far as the run had come."""
        if start.folder is None:
            return
        # It loads PyTorch, and a recipe that names the monitor is read without.
        from edgetext.model.history import command_line

        start.folder.mkdir(parents=True, exist_ok=True)
        self._folder = start.folder
        for name in (EPOCHS, STEPS):
            _cut(start.folder / name, start.step)
        self._about = {
            "name": start.name,
            "command": command_line(),
            "edgetext_version": __version__,
            "started": _now(),
            "epochs": start.epochs,
            "steps_an_epoch": start.steps,
            "parameters": sum(p.numel() for p in start.network.parameters()),
            "status": "running",
            "recipe": dict(start.recipe),
        }
        if start.step:
            self._about["went_on_after_step"] = start.step
        self._write_about()

    def on_step(self, step: Step) -> None:
        """Remember a step; rows are written together."""
        if self._folder is not None and step.step % self.config.every == 0:
            self._steps.append(step)

    def on_epoch(self, epoch: Epoch) -> None:
        """Write the rows of an epoch."""
        if self._folder is None:
            return
        self._write_steps()
        row = {
            "step": epoch.step,
            "epoch": epoch.epoch,
            "loss": epoch.loss,
            **epoch.metrics,
            "weight_norm": epoch.weight_norm,
            "time": _now(),
        }
        _append(self._folder / EPOCHS, list(row), [list(row.values())])

    def on_end(self, end: End) -> None:
        """Write what is left, and how the run ended."""
        if self._folder is None:
            return
        self._write_steps()
        self._about |= {
            "status": end.status,
            "ended": _now(),
            "kept_epoch": end.kept,
            "metrics": dict(end.metrics),
        }
        self._write_about()

    def _write_steps(self) -> None:
        if self._folder is not None and self._steps:
            steps, self._steps = self._steps, []
            _append(self._folder / STEPS, STEP_FIELDS, [_row(step) for step in steps])

    def _write_about(self) -> None:
        if self._folder is not None:
            content = json.dumps(self._about, indent=2, ensure_ascii=False) + "\n"
            write_text(self._folder / ABOUT, content)


def _row(step: Step) -> list[Any]:
    norm = "" if step.gradient_norm is None else f"{float(step.gradient_norm):.6g}"
    rate = f"{step.learning_rate:.6g}"
    return [step.step, step.epoch, f"{float(step.loss):.6g}", rate, norm]


def _append(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Add rows to a table in one write, its header first where it has nothing yet."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    if not path.exists() or path.stat().st_size == 0:
        table.writerow(header)
    table.writerows(rows)
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(written.getvalue())


def _cut(path: Path, step: int) -> None:
    """Leave the rows of a table up to a step; none at all where that is 0. Lines that begin with no
    number were damaged, and go."""
    if not path.exists():
        return
    if step == 0:
        path.unlink()
        return
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    numbers = [line.partition(",")[0] for line in lines[1:]]
    kept = [
        line
        for number, line in zip(numbers, lines[1:], strict=True)
        if number.isdecimal() and int(number) <= step
    ]
    write_text(path, "".join(f"{line}\n" for line in (*lines[:1], *kept)))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
