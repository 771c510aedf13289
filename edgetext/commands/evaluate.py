"""`edgetext evaluate`: what models answer on data, from bytes, and how fast."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext.evaluation.result import Evaluation

# Figures that stand in no column of the table.
_HIDDEN = ("runtime", "texts", "disagreeing", "class_f1", "noise", "noised")
# How many of the texts that two models answer in different ways are listed.
_LISTED = 10


@click.command("evaluate")
@click.argument("models", type=options.FILE, nargs=-1, required=True)
@options.recipe(
    "Whose data to take.  [default: the checkpoint's, or the shipped recipe of that name]"
)
@options.split()
@options.overrides("A field of the recipe, as in `data.spacing=words`.")
@click.option(
    "--by-file",
    is_flag=True,
    help="Also give the metrics of each file, where the split has several (languages, sources).",
)
@options.limit()
@click.option(
    "--against",
    type=options.FILE,
    metavar="MODEL",
    help="Also count the texts that each model answers as this one does.",
)
@click.option(
    "--min-agreement",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="With --against: exit 1 when a model agrees on less.",
)
@click.option(
    "--report",
    type=options.WRITTEN_FILE,
    help="Also write how sure each model is and where it errs: labels, confusions, worst errors. "
    "As Markdown, or as a page with a reliability diagram where FILE ends in .html.",
)
@options.runtime("The engine that runs MODELS, as openvino.  [default: each file's own]")
@click.option(
    "--noise",
    metavar="KINDS",
    help="Also measure on noised texts, the same for every model: some of asr, punctuation, case, "
    "accents, typo, homoglyph and hidden, each with its share, as typo:0.1,case.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of the noise."
)
@options.as_json("Print JSON instead of a table.")
def command(
    models: tuple[Path, ...],
    by_file: bool,
    against: Path | None,
    min_agreement: float | None,
    report: Path | None,
    as_json: bool,
    **whose: Any,
) -> int:
    """Measure MODELS (.pt, .onnx, .pte) on a recipe's data: accuracy, size, time on one thread.

    Every model reads the same bytes, in turn, so their times compare. Latency is that of one
    text, from bytes to answer; of a batch file it is a text's share of what many take at once.
    With --noise a second table has each metric on clean texts, on noised ones, and what is lost.
    """
    if min_agreement is not None and against is None:
        raise click.UsageError("--min-agreement needs --against MODEL")

    from edgetext.api.evaluate import evaluate

    evaluation = evaluate(models, against=against, **whose)
    rows = evaluation.rows(by_file)
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        _print(evaluation, rows, against)
    if report is not None:
        _report(evaluation, report)
        click.echo(f"wrote {report}", err=as_json)
    if min_agreement is not None:
        agreements = [100 * evaluation.agreement(model) for model in evaluation.measured]
        if min(agreements) < min_agreement:
            click.echo(f"a model agrees with {against} on less than {min_agreement:g} %", err=True)
            return 1
    return 0


def _print(evaluation: Evaluation, rows: list[dict[str, Any]], against: Path | None) -> None:
    from edgetext.core.tables import aligned

    # A classify model has fewer metrics than a joint one.
    names = [name for name in max(rows, key=len) if name not in _HIDDEN]
    click.echo(f"{len(evaluation.examples):,} texts of the {evaluation.split} split, one thread")
    click.echo(
        aligned(
            [name.replace("_", " ") for name in names],
            [[_cell(row.get(name, "")) for name in names] for row in map(_shown, rows)],
        )
    )
    if evaluation.noised is not None:
        _print_noised(rows)
    for row in rows:
        if row.get("disagreeing"):
            click.echo(f"{row['model']} differs from {against} at:")
            for source in row["disagreeing"][:_LISTED]:
                click.echo(f"  {source}")


def _print_noised(rows: list[dict[str, Any]]) -> None:
    """Show each metric clean, noised and the points between, a line a model and metric."""
    from edgetext.core.tables import aligned

    rows = [row for row in rows if "noised" in row]
    lines = []
    for row in rows:
        for name, value in row["noised"].items():
            figures = (f"{row[name]:.2f}", f"{value:.2f}", f"{value - row[name]:+.2f}")
            lines.append([row["model"], name.replace("_", " "), *figures])
    click.echo(f"\nthe same texts with noise ({rows[0]['noise']})")
    click.echo(aligned(["model", "metric", "clean", "noised", "change"], lines))


def _cell(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the table; that of one file stands under its model's."""
    if "file" not in row:
        return row
    path = Path(row["file"])
    return {**row, "model": f"  {path.parent.name}/{path.name}: {row['texts']:,}"}


def _report(evaluation: Evaluation, path: Path) -> None:
    from edgetext.core.files import write_text
    from edgetext.evaluation.mistakes import mistakes
    from edgetext.evaluation.report_page import report_page

    if path.suffix in (".html", ".htm"):
        write_text(path, report_page(evaluation))
        return
    write_text(
        path, "\n".join(mistakes(model, evaluation.examples) for model in evaluation.measured)
    )
