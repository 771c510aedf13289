"""`edgetext inspect`: what is in a model file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext.evaluation.anatomy import Anatomy

# An operator's name, its calls in one answer and the microseconds of those.
Operator = tuple[str, int, float]


@click.command("inspect")
@click.argument("model", type=options.FILE)
@click.option("--time", "timed", is_flag=True, help="Also time one answer, operator by operator.")
@click.option(
    "--text",
    multiple=True,
    help="With --time: the text to answer; twice for a task of two.  [default: a golden example]",
)
@options.as_json("Print JSON.")
def command(model: Path, timed: bool, text: tuple[str, ...], as_json: bool) -> None:
    """Show what MODEL (.pt, .onnx, .ort, .pte) is: task, labels, metrics, history, its bytes by
    part.

    --time: where the time of one answer goes, in the file's own runtime on one thread.
    """
    if text and not timed:
        raise click.UsageError("--text belongs to --time")

    from edgetext.evaluation.anatomy import anatomy

    contents = anatomy(model)
    operators, note = _times(model, text) if timed else ([], "")
    if as_json:
        click.echo(json.dumps(_as_json(contents, operators), indent=2, ensure_ascii=False))
        return
    _print_contents(contents)
    if timed:
        _print_times(operators)
        if note:
            click.echo(note)


def _as_json(contents: Anatomy, operators: list[Operator]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        **contents.facts,
        "parts": [{"part": name, "bytes": size} for name, size in contents.parts],
    }
    if operators:
        shown["operators"] = [
            {"operator": name, "calls": calls, "microseconds": taken}
            for name, calls, taken in operators
        ]
    return shown


def _print_contents(contents: Anatomy) -> None:
    """The facts, then where the bytes are."""
    from edgetext.core.tables import aligned

    width = max(map(len, contents.facts))
    for name, value in contents.facts.items():
        if isinstance(value, dict):
            value = ", ".join(f"{k} {v:.4f}" if isinstance(v, float) else f"{k} {v}"
                              for k, v in value.items())  # fmt: skip
        if isinstance(value, list):
            value = f"{len(value)}: {', '.join(map(str, value))}"
        click.echo(f"{name.ljust(width)}  {value}")
    click.echo()
    total = sum(size for _, size in contents.parts)
    rows = [(name, f"{size:,}", f"{100 * size / total:.1f} %") for name, size in contents.parts]
    click.echo(aligned(("where the bytes are", "bytes", "share"), rows))


def _print_times(operators: list[Operator]) -> None:
    from edgetext.core.tables import aligned

    whole = sum(taken for _, _, taken in operators)
    lines = [
        (name, f"{calls}", f"{taken:.2f}", f"{100 * taken / whole:.1f} %")
        for name, calls, taken in operators
    ]
    lines.append(("all", f"{sum(calls for _, calls, _ in operators)}", f"{whole:.2f}", ""))
    click.echo()
    click.echo(aligned(("where the time goes", "calls", "µs", "share"), lines))


def _times(model: Path, text: tuple[str, ...]) -> tuple[list[Operator], str]:
    """The operators, the slowest first, and how they were found."""
    from edgetext.core.errors import EdgetextError
    from edgetext.predictor import load
    from edgetext.targets.catalog import owner
    from edgetext.timing.operators import profile

    predictor = load(model)
    count = len(predictor.task.inputs)
    if text and len(text) != count:
        raise EdgetextError(
            f"{model}: task {predictor.metadata.task} reads {count} text(s); give --text as often"
        )
    if not text:
        text = predictor.golden[0].texts if predictor.golden else ("how are you?",) * count
    operators, note = profile(owner(model.suffix), predictor, text)
    if not operators:
        raise EdgetextError(f"{model}: {note}; give a file that `edgetext export` wrote")
    return [(str(n), int(str(c)), float(str(t))) for n, c, t in operators], note
