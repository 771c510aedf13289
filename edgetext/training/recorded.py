"""Runs as the monitor `csv` wrote them: read, compared, and their curves."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from edgetext.core.dotted import dotted
from edgetext.core.errors import EdgetextError
from edgetext.training.monitors.table_files import ABOUT, EPOCHS, STEPS

LEVELS = "▁▂▃▄▅▆▇█"
# Columns of epochs.csv that are no figures.
PLACES = ("step", "epoch", "time")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One run. about: what run.json says. epochs, steps: the rows of the tables."""

    folder: Path
    about: dict[str, Any]
    epochs: list[dict[str, str]]
    steps: list[dict[str, str]]

    @property
    def figures(self) -> dict[str, float]:
        """Give the metrics of the epoch that was kept; of the last one while the run goes on."""
        metrics = self.about.get("metrics") or {}
        if metrics or not self.epochs:
            return {name: float(value) for name, value in metrics.items()}
        last = self.epochs[-1]
        left_out = (*PLACES, "loss", "weight_norm")
        return {
            name: float(value) for name, value in last.items() if name not in left_out and value
        }

    def curves(self) -> dict[str, list[float]]:
        """Give all that changed from epoch to epoch, by name, and the loss of the steps."""
        curves = {
            name: [float(row[name]) for row in self.epochs if row.get(name)]
            for name in (self.epochs[0] if self.epochs else ())
            if name not in PLACES
        }
        steps = [float(row["loss"]) for row in self.steps if row.get("loss")]
        return {**curves, **({"loss of steps": steps} if steps else {})}

    def values(self) -> dict[str, Any]:
        """Give the recipe's values by their dotted names."""
        return dict(dotted(self.about.get("recipe", {})))


def recorded_runs(paths: Sequence[Path]) -> list[Recorded]:
    """Read the runs that are these folders or lie below them, the oldest first.

    EdgetextError for a folder that is not there, and for a file of a run that cannot be read.
    """
    files: set[Path] = set()
    for path in paths:
        if not path.is_dir():
            raise EdgetextError(f"{path}: there is no such folder; give one with runs in it")
        files.update(path.rglob(ABOUT))
    runs = [_read(file) for file in files]
    return sorted(runs, key=lambda run: (str(run.about.get("started", "")), str(run.folder)))


def sparkline(values: Sequence[float], width: int) -> str:
    """Draw a curve as a row of blocks, the lowest value the lowest; each block is the mean of the
    values that fall on it."""
    finite = [value for value in values if isfinite(value)]
    if not finite:
        return ""
    count = min(width, len(finite))
    bounds = [round(i * len(finite) / count) for i in range(count + 1)]
    means = [sum(finite[a:b]) / (b - a) for a, b in pairwise(bounds)]
    low, high = min(means), max(means)
    scale = (len(LEVELS) - 1) / (high - low) if high > low else 0.0
    return "".join(LEVELS[round((mean - low) * scale)] for mean in means)


class _About(BaseModel):
    """What is relied upon of run.json."""

    recipe: dict[str, Any] = {}
    metrics: dict[str, float] | None = None
    parameters: int = 0


def _read(file: Path) -> Recorded:
    try:
        about = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(about, dict):
            raise ValueError("no object")
        _About.model_validate(about)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise _unreadable(file, f"{place}: {first['msg']}") from error
    except (OSError, ValueError, RecursionError) as error:
        raise _unreadable(file, error) from error
    return Recorded(file.parent, about, _rows(file.parent / EPOCHS), _rows(file.parent / STEPS))


def _unreadable(file: Path, reason: object) -> EdgetextError:
    return EdgetextError(f"{file}: what the run was cannot be read ({reason}); delete its folder")


def _rows(path: Path) -> list[dict[str, str]]:
    """Read a table; a last line that is being written is left out, and so is a damaged one."""
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            return [row for row in csv.DictReader(file) if _is_whole(row)]
    except (OSError, csv.Error) as error:
        raise _unreadable(path, error) from error


def _is_whole(row: dict[Any, Any]) -> bool:
    """Whether a row has all its columns and no other, and numbers where figures are."""
    if None in row or None in row.values():
        return False
    try:
        for name, value in row.items():
            if value and name != "time":
                float(value)
    except ValueError:
        return False
    return True
