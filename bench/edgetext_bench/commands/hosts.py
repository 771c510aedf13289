"""`edgetext bench hosts`: the matrix of hosts, on the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext_bench.hosts.table import Table

_RED = 1
_COLORS = {"equal": "green", "red": "red", "skipped": "bright_black"}


@click.command("hosts")
@click.argument("models", type=options.FILE, nargs=-1, required=True)
@click.option(
    "--host",
    "names",
    multiple=True,
    metavar="NAME",
    help="Only this host; may be given again, and be a pattern such as 'onnxruntime==1.2*'.",
)
@click.option(
    "--texts",
    "odd",
    type=click.IntRange(0, 100_000),
    default=500,
    show_default=True,
    help="How many seeded odd texts are asked beside the fixed ones.",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="EDGETEXT_HOSTS",
    default=lambda: Path(sys.prefix, "hosts"),
    show_default="hosts in the virtual environment",
    help="Where other releases are installed, each in a folder NAME-RELEASE; or $EDGETEXT_HOSTS.",
)
@options.force("Write the files anew, also those that are there.", formerly="--fresh")
@options.output("The results.", default="hosts.jsonl", show_default=True)
@click.option(
    "--table",
    "page",
    type=options.WRITTEN_FILE,
    metavar="FILE.md",
    help="The table in Markdown, too.",
)
def command(
    models: tuple[Path, ...],
    names: tuple[str, ...],
    odd: int,
    folder: Path,
    force: bool,
    output: Path,
    page: Path | None,
) -> int:
    """Ask the files of MODELS (.pt) in every host, and hold the answers to the checkpoint's.

    The `.onnx`, `.ort` and `.pte` beside each checkpoint, or written there where missing, are run
    in processes of their own, so that a host that crashes is a red cell. Exit status 1 when a cell
    is red; a host that is not installed is skipped, with how to get it.

    \b
    edgetext bench hosts student.pt student-int8.pt --table hosts.md
    """
    from edgetext.core.files import write_text
    from edgetext_bench.hosts.known import known_hosts
    from edgetext_bench.hosts.table import markdown, table
    from edgetext_bench.hosts.verdict import RED

    _check(models, page)
    rows = _measured(models, known_hosts(folder, names), odd, force, output)
    made = table(rows)
    _show(made)
    if page is not None:
        write_text(page, markdown(made))
        click.echo(f"wrote {page}")
    return _RED if any(row["status"] == RED for row in rows) else 0


def _check(models: tuple[Path, ...], page: Path | None) -> None:
    """EdgetextError for a model that is no checkpoint, and for a table that is no Markdown."""
    from edgetext.core.errors import EdgetextError

    for model in models:
        if model.suffix != ".pt":
            raise EdgetextError(f"{model}: the truth is a checkpoint; give the .pt file it is of")
    if page is not None and page.suffix != ".md":
        raise EdgetextError(f"--table {page}: the table is Markdown; name it FILE.md")


def _measured(
    models: tuple[Path, ...], hosts: Any, odd: int, force: bool, output: Path
) -> list[dict[str, Any]]:
    """The rows, each of which is in the file and on the screen when it is known."""
    import torch

    from edgetext.core.files import write_text
    from edgetext_bench.hosts.matrix import Matrix

    # The networks are small: threads would wait for each other.
    torch.set_num_threads(1)
    write_text(output, "")
    rows = []
    matrix = Matrix(hosts, odd, force)
    for model in models:
        for row in matrix.rows(model):
            rows.append(row)
            with output.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
            level = f", level {row['way']}" if row["way"] else ""
            what = f"{row['file']['name']} in {row['host']}{level}"
            click.echo(f"{row['status']}: {what}: {row['words']}", err=True)
    return rows


def _show(table: Table) -> None:
    """The table in the terminal, and below it what is red or skipped."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table as Grid

    grid = Grid()
    for column, heading in enumerate(table.headings):
        grid.add_column(heading, no_wrap=not column)
    for (host, *cells), statuses in zip(table.lines, table.statuses, strict=True):
        colored = [
            f"[{_COLORS[status]}]{escape(cell)}[/]"
            for cell, status in zip(cells, statuses, strict=True)
        ]
        grid.add_row(escape(host), *colored)
    Console().print(grid)
    for note in table.notes:
        click.echo(note)
