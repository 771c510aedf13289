"""`edgetext evaluate`: what models answer on data, from bytes, and how fast."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click


@click.command("evaluate")
@click.argument("models", type=click.Path(path_type=Path, dir_okay=False), nargs=-1, required=True)
@click.option(
    "--recipe",
    metavar="RECIPE",
    help="Whose data to take.  [default: the checkpoint's, or the shipped recipe of that name]",
)
@click.option(
    "--split", type=click.Choice(["train", "valid", "test"]), default="test", show_default=True
)
@click.option(
    "--set",
    "fields",
    multiple=True,
    metavar="FIELD=VALUE",
    help="A field of the recipe, as in `data.spacing=words`.",
)
@click.option(
    "--by-file",
    is_flag=True,
    help="Also give the metrics of each file, where the split has several (languages, sources).",
)
@click.option("--limit", type=click.IntRange(min=1), help="Take only the first LIMIT texts.")
@click.option(
    "--against",
    type=click.Path(path_type=Path, dir_okay=False),
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
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write where each model errs, as Markdown: labels, confusions, worst errors.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(
    models: tuple[Path, ...],
    recipe: str | None,
    split: str,
    fields: tuple[str, ...],
    by_file: bool,
    limit: int | None,
    against: Path | None,
    min_agreement: float | None,
    report: Path | None,
    as_json: bool,
) -> int:
    """Measure MODELS (.pt, .onnx, .pte) on a recipe's data: accuracy, size, time on one thread.

    Every model reads the same bytes, in turn, so their times compare. Latency is that of one
    text, from bytes to answer.
    """
    if min_agreement is not None and against is None:
        raise click.UsageError("--min-agreement needs --against MODEL")

    import torch
    from rich.console import Console
    from rich.progress import Progress

    from edgetext.core.tables import aligned
    from edgetext.evaluation.answers import by_file as grouped
    from edgetext.evaluation.answers import disagreements, evaluate
    from edgetext.evaluation.whose_data import recipe_of
    from edgetext.predictor import load
    from edgetext.tasks.metrics import in_points
    from edgetext.training.splits import load_questions

    torch.set_num_threads(1)
    paths = [*models, *([against] if against is not None else [])]
    predictors = [load(path) for path in paths]
    resolved = recipe_of(recipe, paths, "--recipe", fields)
    examples = load_questions(resolved, split)[:limit]
    files = grouped(examples) if by_file else {}
    console = Console(stderr=True)
    # Where nobody watches, even an empty bar would leave a line.
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("evaluating", total=len(examples))
        measured = evaluate(predictors, examples, lambda: progress.advance(bar), resolved.strict)

    rows: list[dict[str, Any]] = []
    fails = False
    for path, model in zip(models, measured, strict=False):
        row: dict[str, Any] = {
            "model": str(path),
            "runtime": path.suffix.lstrip("."),
            "variant": model.predictor.metadata.variant,
            "texts": len(examples),
            "bytes": path.stat().st_size,
            **{name: round(in_points(name, v), 2) for name, v in model.metrics(examples).items()},
            "p50_ms": round(model.percentile(50), 3),
            "p90_ms": round(model.percentile(90), 3),
        }
        if against is not None:
            differing = set(disagreements(model, measured[-1]))
            share = 100 * (1 - len(differing) / len(examples))
            fails |= min_agreement is not None and share < min_agreement
            row["agreement"] = round(share, 2)
            row["disagreeing"] = [examples[i].source for i in sorted(differing)]
        rows.append(row)
        for file, members in files.items():
            metrics = model.metrics(examples, members)
            part: dict[str, Any] = {
                "model": str(path),
                "file": file,
                "texts": len(members),
                **{name: round(in_points(name, v), 2) for name, v in metrics.items()},
            }
            if against is not None:
                part["agreement"] = round(
                    100 * (1 - len(differing & set(members)) / len(members)), 2
                )
            rows.append(part)
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        names = max(rows, key=len)  # a classify model has fewer metrics than a joint one
        shown = [name for name in names if name not in ("runtime", "texts", "disagreeing")]
        click.echo(f"{len(examples):,} texts of the {split} split, one thread")
        click.echo(aligned(
            [name.replace("_", " ") for name in shown],
            [[f"{v:,}" if isinstance(v, int) else str(v)
              for v in (row.get(name, "") for name in shown)] for row in map(_shown, rows)],
        ))  # fmt: skip
        for row in rows:
            if row.get("disagreeing"):
                click.echo(f"{row['model']} differs from {against} at:")
                for source in row["disagreeing"][:10]:
                    click.echo(f"  {source}")
    if report is not None:
        from edgetext.core.files import write_text
        from edgetext.evaluation.mistakes import mistakes

        parts = [mistakes(model, examples) for model in measured[: len(models)]]
        write_text(report, "\n".join(parts))
        click.echo(f"wrote {report}", err=as_json)
    if fails:
        click.echo(f"a model agrees with {against} on less than {min_agreement:g} %", err=True)
        return 1
    return 0


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the table; that of one file stands under its model's."""
    if "file" not in row:
        return row
    path = Path(row["file"])
    return {**row, "model": f"  {path.parent.name}/{path.name}: {row['texts']:,}"}
