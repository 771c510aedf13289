"""`edgetext bench run`: measure model files, text in and answer out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext.commands import options
from edgetext_bench.commands import cells
from edgetext_bench.commands.places import PLACES, Order
from edgetext_bench.peers.known import NAMES

if TYPE_CHECKING:
    from edgetext_bench.rows import Results

_COUNTS = options.Listed(click.IntRange(1, 1024))


@click.command("run")
@click.argument("files", type=options.FILE, nargs=-1, required=True)
@options.recipe(
    "Whose data to take.  [default: the checkpoint's, or the shipped recipe of that name]",
    formerly="--data",
)
@options.split()
@options.option(
    "--on",
    "places",
    type=options.Listed(click.Choice(list(PLACES))),
    default="server",
    show_default=True,
    help="server: this machine; arm64: an emulated arm64 processor; android: a device over adb.",
    formerly="--target",
)
@options.output(
    "The results. Cells that it holds already are not measured again.",
    default="bench.jsonl",
    show_default=True,
)
@click.option("--quick", is_flag=True, help="Two minutes instead of half an hour.")
@options.force("Begin the results anew.", formerly="--again")
@click.option(
    "--runtime", "runtimes", type=options.Listed(click.STRING), help="Only these runtimes."
)
@click.option(
    "--peers",
    type=options.Listed(click.Choice([*NAMES, "all"])),
    default=(),
    metavar="NAME,...",
    help="Measure beside them, trained on the same split: tokenizers (ONNX Runtime with the "
    "same network), tfidf, fasttext, spacy, flair; or all.",
)
@click.option("--threads", type=_COUNTS, metavar="N,...", help="Numbers of threads.")
@click.option("--batch", "batches", type=_COUNTS, metavar="N,...", help="Texts at once.")
@click.option(
    "--length",
    "lengths",
    type=options.Listed(click.IntRange(1, 1 << 16)),
    metavar="N,...",
    help="Lengths of text in bytes.",
)
@click.option(
    "--only",
    "kinds",
    type=options.Listed(click.STRING),
    metavar="KIND,...",
    help="Measure only these: start, latency, network, scores, quality, noise, operators, work.",
)
@click.option("--cross", is_flag=True, help="All combinations, not one axis at a time.")
@options.limit()
@click.option("--seed", type=int, default=1, show_default=True)
def command(
    files: tuple[Path, ...],
    recipe: str | None,
    split: str,
    places: tuple[str, ...],
    output: Path,
    force: bool,
    runtimes: tuple[str, ...] | None,
    peers: tuple[str, ...],
    limit: int | None,
    **amount: Any,
) -> int:
    """Measure FILES (.pt, .onnx, .pte) on a recipe's data, text in and answer out.

    Quality, latency by length, batch and threads, throughput, loading, memory and size, each in
    a process of its own; the files take turns, so that noise falls on all alike. Ctrl-C keeps
    what was measured, and the same command goes on from there.

    \b
    edgetext bench student-int8.onnx student-int8.pte --recipe snips_joint --quick
    """
    from edgetext.evaluation.whose_data import recipe_of
    from edgetext_bench.rows import opened

    plan = cells.Amount(**amount).plan()
    chosen = recipe_of(recipe, files)
    examples = cells.examples_of(chosen, split)[:limit]
    with opened(output, anew=force) as results:
        order = Order(files, chosen, split, examples, plan, results, runtimes or (), peers)
        status = max(PLACES[place](order) for place in places)
        _estimate(results)
    if results.rows:
        cells.say_next(output)
    return status


def _estimate(results: Results) -> None:
    """What the counts say of cores that are not here, into the results and on the screen."""
    from edgetext.core.tables import aligned
    from edgetext_bench.devices import estimates
    from edgetext_bench.report.estimates import NOTE, table

    for row in list(estimates(results.rows)):
        if not results.holds(row):
            results.add(row)
    headings, body = table(results.rows)
    if body:
        click.echo(f"{aligned(headings, body)}\n{NOTE}")
