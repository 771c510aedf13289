"""`edgetext inspect`: what is in a model file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext.evaluation.anatomy import Anatomy
    from edgetext.targets.needs import Needs

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
@click.option(
    "--operators",
    "listed",
    is_flag=True,
    help="Also list the operators of the runtime that the file needs, with their types.",
)
@click.option(
    "--build-config",
    is_flag=True,
    help="Print only what a build of the runtime takes that holds nothing but these operators.",
)
@options.as_json("Print JSON.")
def command(
    model: Path,
    timed: bool,
    text: tuple[str, ...],
    listed: bool,
    build_config: bool,
    as_json: bool,
) -> None:
    """Show what MODEL (.pt, .onnx, .ort, .pte) is: task, labels, metrics, history, its bytes by
    part.

    --time: where the time of one answer goes, in the file's own runtime on one thread.

    --operators: and how many of the runtime's own there are, which a build of it may leave out.
    """
    if text and not timed:
        raise click.UsageError("--text belongs to --time")

    from edgetext.evaluation.anatomy import anatomy

    contents = anatomy(model)
    needs = _needs(model) if listed or build_config else None
    if build_config and needs:
        click.echo(needs.build_config, nl=False)
        return
    operators, note = _times(model, text) if timed else ([], "")
    if as_json:
        shown = {**_as_json(contents, operators), **(_needs_as_json(needs) if needs else {})}
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    _print_contents(contents)
    if timed:
        _print_times(operators)
        if note:
            click.echo(note)
    if needs:
        _print_needs(needs)


def _needs(model: Path) -> Needs:
    """EdgetextError for a file of which its runtime tells no operators."""
    from edgetext.core.errors import EdgetextError
    from edgetext.targets.catalog import owner

    target = owner(model.suffix)
    needs = target.needs(model)
    if needs is None:
        raise EdgetextError(
            f"{model}: {target.title} tells no operators of a file; give one that "
            "`edgetext export` wrote"
        )
    return needs


def _needs_as_json(needs: Needs) -> dict[str, Any]:
    return {
        "needs": {
            "runtime": needs.runtime,
            "operators": [
                {"operator": one.name, "since": one.since, "types": list(one.types)}
                for one in needs.operators
            ],
            "counts": {name: {"needed": n, "of": total} for name, n, total in needs.counts},
            "delegates": list(needs.delegates),
        }
    }


def _print_needs(needs: Needs) -> None:
    width = max(len(one.name) for one in needs.operators)
    click.echo("\noperators, the version that defines them, and the types of their elements")
    for one in needs.operators:
        click.echo(f"{one.name.ljust(width)}  {one.since:>2}  {', '.join(one.types)}".rstrip())
    counts = " and ".join(f"{n:,} of {total:,} {name}" for name, n, total in needs.counts)
    click.echo(f"{counts} of {needs.runtime}")
    if needs.delegates:
        click.echo(f"beside what {', '.join(needs.delegates)} runs by itself")


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
