"""`edgetext bench compare`: new results against old ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext_bench.compare import Change

_REGRESSED = 1


@click.command("compare")
@click.argument("old", type=options.FILE)
@click.argument("new", type=options.FILE)
@click.option(
    "--tolerance",
    type=click.FloatRange(min=0),
    default=10,
    show_default=True,
    metavar="PERCENT",
    help="How much slower or larger is no regression.",
)
def command(old: Path, new: Path, tolerance: float) -> int:
    """NEW against OLD, two files that `edgetext bench` wrote, cell by cell; larger is worse.

    A time is a regression when even the better end of its ratio's 95 % interval is beyond the
    tolerance; a metric, when it fell by more than half a point. Exit status 1 when there is one.
    """
    from edgetext.core.errors import EdgetextError
    from edgetext.core.tables import aligned
    from edgetext_bench.compare import compare
    from edgetext_bench.rows import read_rows

    comparison = compare(read_rows(old), read_rows(new))
    if not comparison.changes:
        raise EdgetextError(
            f"{old} and {new} have no measured cell in common; give the same files' names, data "
            "and targets to both runs"
        )
    rows = [_line(change, tolerance / 100) for change in comparison.changes]
    click.echo(aligned(["cell", "old", "new", "ratio", "95 %", ""], rows))
    for name, cells in ((old, comparison.only_old), (new, comparison.only_new)):
        if cells:
            click.echo(f"only in {name}: {len(cells)} cell(s), such as {cells[0]}")
    if comparison.warning:
        click.echo(f"note: {comparison.warning}", err=True)
    worse = sum(change.regressed(tolerance / 100) for change in comparison.changes)
    click.echo(f"{worse} regression(s) past {tolerance:g} % among {len(rows)} figures")
    return _REGRESSED if worse else 0


def _line(change: Change, tolerance: float) -> list[str]:
    """A row of the table; tolerance: a share, as 0.1."""
    interval = f"{change.low:.3f}–{change.high:.3f}" if change.low != change.high else ""
    return [
        f"{change.cell}, {change.figure}",
        f"{change.old:,.6g}",
        f"{change.new:,.6g}",
        f"{change.ratio:.3f}",
        interval,
        "regression" if change.regressed(tolerance) else "",
    ]
