"""`edgetext runs`: trainings beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext.training.recorded import Recorded

WIDTH = 40


@click.command("runs")
@click.argument("folders", nargs=-1, type=options.FOLDER, metavar="[FOLDER]...")
@click.option("--curves", is_flag=True, help="Draw what changed from epoch to epoch.")
@click.option(
    "--compare", is_flag=True, help="Show the fields of the recipes in which the runs differ."
)
@click.option("--sort", metavar="METRIC", help="The best by this figure first (-METRIC: lowest).")
@click.option("--json", "as_json", is_flag=True, help="Write a JSON object a run.")
def command(
    folders: tuple[Path, ...], curves: bool, compare: bool, sort: str | None, as_json: bool
) -> None:
    """List the trainings below FOLDER, the current one by default, as `train` and `distill` noted
    them in NAME.run folders."""
    from edgetext.core.errors import EdgetextError
    from edgetext.training.recorded import recorded_runs

    runs = recorded_runs(folders or (Path(),))
    if not runs:
        where = ", ".join(map(str, folders)) or "this folder"
        raise EdgetextError(
            f"{where}: there is no run; `train` and `distill` write NAME.run beside what they "
            "write, where the monitor csv is on, as it is by default"
        )
    if sort is not None:
        runs = _sorted(runs, sort)
    if as_json:
        for run in runs:
            click.echo(_json(run))
        return
    click.echo(_table(runs))
    if compare:
        click.echo(_differences(runs))
    if curves:
        for run in runs:
            click.echo(_curves(run))


def _sorted(runs: list[Recorded], metric: str) -> list[Recorded]:
    """Put the best first, and those without the metric last; EdgetextError where none has it."""
    from edgetext.core.errors import EdgetextError

    lowest, name = metric.startswith("-"), metric.removeprefix("-")
    known = sorted({each for run in runs for each in run.figures})
    if name not in known:
        raise EdgetextError(f"--sort: no run has {name} (known: {', '.join(known)})")

    def place(run: Recorded) -> tuple[bool, float]:
        value = run.figures.get(name)
        return value is None, 0.0 if value is None else value if lowest else -value

    return sorted(runs, key=place)


def _json(run: Recorded) -> str:
    import json

    fields = {"folder": str(run.folder), **run.about, "curves": run.curves()}
    return json.dumps(fields, ensure_ascii=False)


def _table(runs: list[Recorded]) -> str:
    from edgetext.core.tables import aligned

    metrics = list(dict.fromkeys(name for run in runs for name in run.figures))
    rows = [
        (
            str(run.folder),
            str(run.about.get("status", "")),
            f"{len(run.epochs)}/{run.about.get('epochs', '')}",
            str(run.about.get("kept_epoch") or ""),
            f"{run.about.get('parameters', 0):,}",
            str(run.about.get("started", "")),
            *(_figure(run.figures.get(name)) for name in metrics),
        )
        for run in runs
    ]
    headings = ("run", "status", "epochs", "kept", "parameters", "started", *metrics)
    return aligned(headings, rows)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _differences(runs: list[Recorded]) -> str:
    """Show the fields whose values differ."""
    from edgetext.core.tables import aligned

    values = [run.values() for run in runs]
    fields = list(dict.fromkeys(name for each in values for name in each))
    rows = [
        (name, *(_cell(each, name) for each in values))
        for name in fields
        if len({_cell(each, name) for each in values}) > 1
    ]
    if not rows:
        return "\nThe recipes are the same."
    return "\n" + aligned(("field", *(str(run.folder) for run in runs)), rows)


def _cell(values: dict[str, Any], name: str) -> str:
    return str(values[name]) if name in values else "-"


def _curves(run: Recorded) -> str:
    from edgetext.core.tables import aligned
    from edgetext.training.recorded import sparkline

    rows = [
        (name, sparkline(values, WIDTH).ljust(WIDTH), f"{values[0]:.4f}", f"{values[-1]:.4f}")
        for name, values in run.curves().items()
        if values
    ]
    return f"\n{run.folder}\n" + aligned(("", "".ljust(WIDTH), "first", "last"), rows)
