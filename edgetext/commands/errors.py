"""`edgetext errors`: what a model's errors have in common, and which labels are likely wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from edgetext.commands import options


@click.command("errors")
@click.argument("model", type=options.FILE)
@click.argument("data", required=False)
@options.split()
@options.overrides("A field of the recipe, as in `data.spacing=words`.")
@options.limit()
@click.option(
    "--shown",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="Errors that are listed with the training texts nearest to them.",
)
@click.option(
    "--neighbors",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="Training texts of each.",
)
@options.runtime("The engine that runs MODEL, as openvino.  [default: the file's own]")
@options.output("Write the report as Markdown instead of printing it.")
@click.option(
    "--html", type=options.WRITTEN_FILE, help="Also write a page, which needs no network."
)
@options.as_json("Print JSON instead.")
def command(
    model: Path,
    data: str | None,
    output: Path | None,
    html: Path | None,
    as_json: bool,
    **asked: Any,
) -> None:
    """Look into what MODEL (.pt, .onnx, .pte) answers wrongly on DATA.

    DATA is a recipe, or a data file in the format of the checkpoint's own; by default the data that
    `evaluate` takes. The report has the labels that are taken for one another, the training texts
    nearest to each error, and the labels of the split that are likely wrong (`--split train` finds
    those that the model has learned). It needs `edgetext[errors]`.
    """
    from edgetext.api.errors import errors
    from edgetext.core.files import write_text
    from edgetext.interpretation.error_markdown import markdown
    from edgetext.interpretation.error_page import error_page

    report = errors(model, data, **asked)
    if output is not None:
        write_text(output, markdown(report))
    if html is not None:
        write_text(html, error_page(report))
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
    elif output is None:
        click.echo(markdown(report), nl=False)
    for path in (output, html):
        if path is not None:
            click.echo(f"wrote {path}", err=as_json)
