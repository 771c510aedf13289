"""`edgetext bench`: accuracy, latency, memory and size of model files, beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext_bench.hosts.command import command as hosts

if TYPE_CHECKING:
    from rich.progress import Progress

    from edgetext_bench.plan import Plan

_FAILED = 1
_NO_DEVICE = 3
TARGETS = ("server", "arm64", "android")
PEERS = ("tokenizers", "tfidf", "fasttext", "spacy", "flair")


class _Bench(click.Group):
    """`bench FILES` measures; the other words are its subcommands."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.commands:
            args = ["run", *args]
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # An option in front of the files is `run`'s, and would not be known here.
        if args and args[0].startswith("-") and args[0] not in ("-h", "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


class _Listed(click.ParamType):
    """Values with commas between them."""

    name = "list"

    def __init__(self, item: click.ParamType) -> None:
        self.item = item

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Any, ...]:
        if isinstance(value, tuple):
            return value
        words = [word.strip() for word in str(value).split(",") if word.strip()]
        if not words:
            self.fail("name at least one", param, ctx)
        return tuple(dict.fromkeys(self.item.convert(word, param, ctx) for word in words))


_MODEL = click.Path(path_type=Path, dir_okay=False)
_COUNTS = _Listed(click.IntRange(1, 1024))


@click.group("bench", cls=_Bench)
def command() -> None:
    """Measure model files, and compare and report what was measured.

    `edgetext bench FILES...` is `edgetext bench run FILES...`; see `edgetext bench run --help`.
    """


command.add_command(hosts)


@command.command("run")
@click.argument("files", type=_MODEL, nargs=-1, required=True)
@click.option(
    "--data",
    metavar="RECIPE",
    help="Whose data to take.  [default: the checkpoint's, or the shipped recipe of that name]",
)
@click.option(
    "--split", type=click.Choice(["train", "valid", "test"]), default="test", show_default=True
)
@click.option(
    "--target",
    "targets",
    type=_Listed(click.Choice(TARGETS)),
    default="server",
    show_default=True,
    help="server: this machine; arm64: an emulated arm64 processor; android: a device over adb.",
)
@click.option(
    "-o",
    "--output",
    type=_MODEL,
    default="bench.jsonl",
    show_default=True,
    help="The results. Cells that it holds already are not measured again.",
)
@click.option("--quick", is_flag=True, help="Two minutes instead of half an hour.")
@click.option("--again", is_flag=True, help="Begin the results anew.")
@click.option("--runtime", "runtimes", type=_Listed(click.STRING), help="Only these runtimes.")
@click.option(
    "--peers",
    type=_Listed(click.Choice([*PEERS, "all"])),
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
    type=_Listed(click.IntRange(1, 1 << 16)),
    metavar="N,...",
    help="Lengths of text in bytes.",
)
@click.option(
    "--only",
    "kinds",
    type=_Listed(click.STRING),
    metavar="KIND,...",
    help="Measure only these: start, latency, network, scores, quality, noise, operators, work.",
)
@click.option("--cross", is_flag=True, help="All combinations, not one axis at a time.")
@click.option("--limit", type=click.IntRange(min=1), help="Take only the first LIMIT texts.")
@click.option("--seed", type=int, default=1, show_default=True)
def run(
    files: tuple[Path, ...],
    data: str | None,
    split: str,
    targets: tuple[str, ...],
    output: Path,
    quick: bool,
    again: bool,
    runtimes: tuple[str, ...] | None,
    peers: tuple[str, ...],
    threads: tuple[int, ...] | None,
    batches: tuple[int, ...] | None,
    lengths: tuple[int, ...] | None,
    kinds: tuple[str, ...] | None,
    cross: bool,
    limit: int | None,
    seed: int,
) -> int:
    """Measure FILES (.pt, .onnx, .pte) on a recipe's data, text in and answer out.

    Quality, latency by length, batch and threads, throughput, loading, memory and size, each in
    a process of its own; the files take turns, so that noise falls on all alike. Ctrl-C keeps
    what was measured, and the same command goes on from there.

    \b
    edgetext bench student-int8.onnx student-int8.pte --data snips_joint --quick
    """
    from dataclasses import replace

    from edgetext.evaluation.whose_data import recipe_of
    from edgetext_bench.rows import Results

    plan = _plan(quick, seed, threads, batches, lengths, cross)
    if kinds:
        plan = replace(plan, kinds=_known(kinds))
    recipe = recipe_of(data, files, "--data")
    examples = _examples(recipe, split)[:limit]
    if again:
        output.unlink(missing_ok=True)
    results = Results(output)
    status = 0
    for target in targets:
        if target == "server":
            wanted = PEERS if "all" in peers else peers
            failed = _server(files, recipe, split, examples, plan, runtimes or (), wanted, results)
            status = max(status, _FAILED if failed else 0)
        elif target == "android":
            status = max(status, _android(files, recipe, split, examples, plan, results))
        else:
            status = max(status, _arm64(files, recipe, split, examples, plan, results))
    _estimates(results)
    if results.rows:
        click.echo(f"next: edgetext bench report {output} -o {output.with_suffix('.html')}")
    return status


def _known(kinds: tuple[str, ...]) -> tuple[str, ...]:
    from edgetext.core.errors import EdgetextError
    from edgetext.core.nearest import nearest
    from edgetext_bench.plan import KINDS

    for kind in kinds:
        if kind not in KINDS:
            raise EdgetextError(
                f"--only {kind}: nothing of that kind is measured{nearest(kind, KINDS)} (kinds: "
                f"{', '.join(KINDS)})"
            )
    return kinds


def _examples(recipe: Any, split: str) -> list[Any]:
    """What a model is asked of a split; EdgetextError when that is nothing."""
    from edgetext.core.errors import EdgetextError
    from edgetext.training.splits import load_questions

    examples = load_questions(recipe, split)
    if not examples:
        raise EdgetextError(f"recipe {recipe.name}: the {split} split has no texts to measure on")
    return examples


def _estimates(results: Any) -> None:
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


def _progress() -> Progress:
    """The bar of what is being measured."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(20), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _plan(
    quick: bool,
    seed: int,
    threads: tuple[int, ...] | None = None,
    batches: tuple[int, ...] | None = None,
    lengths: tuple[int, ...] | None = None,
    cross: bool = False,
) -> Plan:
    from dataclasses import replace

    from edgetext.core.errors import EdgetextError
    from edgetext.timing import machine
    from edgetext_bench import plan

    cores = len(machine.cores())
    if threads is not None and max(threads) > cores:
        raise EdgetextError(f"--threads {max(threads)}: there are only {cores} cores here")
    made = plan.quick(cores) if quick else plan.full(cores)
    return replace(
        made,
        seed=seed,
        cross=cross,
        threads=threads or made.threads,
        batches=batches or made.batches,
        lengths=lengths or made.lengths,
    )


def _server(
    files: tuple[Path, ...],
    recipe: Any,
    split: str,
    examples: Any,
    plan: Plan,
    runtimes: tuple[str, ...],
    peers: tuple[str, ...],
    results: Any,
) -> bool:
    """Whether a cell failed."""
    from edgetext.training.splits import load_splits
    from edgetext_bench.run import common, load_files, portable, taking_part
    from edgetext_bench.run import peers as prepare_peers
    from edgetext_bench.server import Run
    from edgetext_bench.summary import table

    loaded, refused = load_files(files, examples, recipe.strict, recipe.task)
    if not loaded:
        raise next(iter(refused.values()))
    for error in refused.values():
        click.echo(f"left out: {error}", err=True)
    taking = taking_part(loaded, runtimes, plan.quick)
    folder = results.path.with_suffix(".made")
    more, missing = portable(loaded, runtimes, plan.quick, folder)
    taking += more
    if peers:
        splits = load_splits(recipe)
        click.echo(f"preparing {', '.join(peers)} in {folder}", err=True)
        more, without = prepare_peers(peers, loaded, splits, recipe, folder, plan.seed)
        taking += more
        missing |= without
    with _progress() as progress:
        run = Run(taking, examples, plan, results, common(recipe, split, examples, plan))
        bar = progress.add_task("starting", total=run.cells())
        run.say = lambda text: progress.update(bar, description=text)
        run.advance = lambda: progress.advance(bar)
        for name, why in missing.items():
            run.skip(name, why)
            click.echo(f"left out: {name}: {why}", err=True)
        run.measure()
    click.echo(table(results.rows))
    for cell, fault in run.failed:
        click.echo(f"failed: {cell}: {fault}", err=True)
    return bool(run.failed or refused)


def _android(
    files: tuple[Path, ...], recipe: Any, split: str, examples: Any, plan: Plan, results: Any
) -> int:
    """The exit status."""
    from edgetext_bench.android import AndroidRun, NoDevice, find_device
    from edgetext_bench.run import common, load_files

    try:
        device = find_device()
    except NoDevice as error:
        click.echo(f"android: {error}", err=True)
        return _NO_DEVICE
    loaded, refused = load_files(files, examples, recipe.strict, recipe.task)
    run = AndroidRun(loaded, device, results, common(recipe, split, examples, plan))
    return _finish("android", run, refused, results)


def _arm64(
    files: tuple[Path, ...], recipe: Any, split: str, examples: Any, plan: Plan, results: Any
) -> int:
    """The exit status."""
    from edgetext.timing.texts import sample
    from edgetext_bench.arm64.target import Arm64Run, NotReady, find_root
    from edgetext_bench.run import common, load_files

    try:
        root = find_root()
    except NotReady as error:
        click.echo(f"arm64: {error}", err=True)
        return _NO_DEVICE
    loaded, refused = load_files(files, examples, recipe.strict, recipe.task)
    chosen = sample(examples, plan.quality_texts or len(examples), plan.seed)
    run = Arm64Run(loaded, chosen, root, results, common(recipe, split, examples, plan))
    return _finish("arm64", run, refused, results)


def _finish(target: str, run: Any, refused: Any, results: Any) -> int:
    """Measure what a target takes, and print it; the exit status."""
    from edgetext_bench.summary import table

    for refusal in refused.values():
        click.echo(f"left out: {refusal}", err=True)
    run.say = lambda text: click.echo(text, err=True)
    run.measure()
    click.echo(table([row for row in results.rows if row["cell"]["target"] == target]))
    for cell, fault in run.failed:
        click.echo(f"failed: {cell}: {fault}", err=True)
    return _FAILED if run.failed or refused else 0


@command.command("scale")
@click.option("--data", metavar="RECIPE", required=True, help="Whose network and texts to take.")
@click.option(
    "-o", "--output", type=_MODEL, default="scale.jsonl", show_default=True, help="The results."
)
@click.option(
    "--width",
    "widths",
    type=_Listed(click.IntRange(4, 4096)),
    metavar="N,...",
    help="Widths of the encoder.  [default: 32,64,128,256,512]",
)
@click.option(
    "--vocabulary",
    "vocabularies",
    type=_Listed(click.IntRange(50, 100_000)),
    metavar="N,...",
    help="Pieces, at most.  [default: 500,1000,2500,6000]",
)
@click.option("--quick", is_flag=True, help="Shorter turns.")
@click.option("--seed", type=int, default=1, show_default=True)
def scale(
    data: str,
    output: Path,
    widths: tuple[int, ...] | None,
    vocabularies: tuple[int, ...] | None,
    quick: bool,
    seed: int,
) -> int:
    """How latency grows with width and vocabulary: networks of RECIPE's kind, untrained.

    Each is written in float32 and int8 (as of `quantize --int8 --static` where it convolves) as
    `.onnx` and `.pte`, beside OUTPUT, and measured whole and as a network alone. Their answers mean
    nothing and are not looked at.
    """

    from edgetext.recipe import Recipe
    from edgetext.training.splits import load_splits
    from edgetext_bench import plan
    from edgetext_bench import scale as scales
    from edgetext_bench.report.scale import curves
    from edgetext_bench.rows import Results
    from edgetext_bench.run import common
    from edgetext_bench.server import Run

    recipe = Recipe.load(data)
    splits = load_splits(recipe)
    wanted = scales.points(recipe, widths or scales.WIDTHS, vocabularies or scales.VOCABULARIES)
    chosen = plan.narrowed(_plan(quick, seed), scales.KINDS)
    results = Results(output)
    with _progress() as progress:
        bar = progress.add_task("starting", total=None)

        def say(text: str) -> None:
            progress.update(bar, description=text)

        taking = list(scales.make(recipe, splits, wanted, output.with_suffix(".made"), say))
        known = common(recipe, "test", splits.test, chosen)
        runs = [Run(x, splits.test, chosen, results, known) for x in scales.groups(taking)]
        progress.update(bar, total=sum(run.cells() for run in runs))
        for run in runs:
            run.say, run.advance = say, lambda: progress.advance(bar)
            run.measure()
    failed = [fault for run in runs for fault in run.failed]
    for curve in curves(results.rows):
        times = ", ".join(f"{time:,.0f} at {size:g}" for size, time, _ in curve.points)
        click.echo(f"{curve.in_words()}: p50 µs {times}")
    for cell, fault in failed:
        click.echo(f"failed: {cell}: {fault}", err=True)
    click.echo(f"next: edgetext bench report {output} -o {output.with_suffix('.html')}")
    return _FAILED if failed else 0


@command.command("speed")
@click.argument("recipes", nargs=-1, required=True)
@click.option(
    "-o", "--output", type=_MODEL, default="speed.jsonl", show_default=True, help="The results."
)
@click.option("--quick", is_flag=True, help="Shorter turns.")
@click.option("--seed", type=int, default=1, show_default=True)
def speed(recipes: tuple[str, ...], output: Path, quick: bool, seed: int) -> int:
    """How many times as fast as their teachers RECIPES' int8 students are, untrained.

    The teacher in eager PyTorch, the student as `.onnx` and `.pte`, written beside OUTPUT; one
    text at a time on one thread. Times hang on shapes: no training is needed to know them.
    """

    from edgetext.core.tables import aligned
    from edgetext.recipe import Recipe
    from edgetext.training.splits import load_splits
    from edgetext_bench import plan
    from edgetext_bench import speed as speeds
    from edgetext_bench.rows import Results
    from edgetext_bench.run import common
    from edgetext_bench.server import Run

    chosen = plan.narrowed(_plan(quick, seed), speeds.KINDS)
    results = Results(output)
    known = [Recipe.load(name) for name in recipes]
    failed = []
    with _progress() as progress:
        bar = progress.add_task("starting", total=3 * len(known))

        def say(text: str) -> None:
            progress.update(bar, description=text)

        for recipe in known:
            texts = _examples(recipe, "test")
            say(f"reading {recipe.name}")
            taking = speeds.make(recipe, load_splits(recipe), output.with_suffix(".made"), say)
            run = Run(taking, texts, chosen, results, common(recipe, "test", texts, chosen))
            run.say, run.advance = say, lambda: progress.advance(bar)
            run.measure()
            failed += run.failed
    rows = [
        [one.file, f"{one.teacher:,.0f}", f"{one.p50:,.0f}", f"{one.ratio[0]:.1f}",
         "{:.1f}–{:.1f}".format(*one.ratio[1:])]
        for one in speeds.speeds(results.rows)
    ]  # fmt: skip
    click.echo(aligned(["file", "teacher µs", "p50 µs", "times as fast", "95 %"], rows))
    for cell, fault in failed:
        click.echo(f"failed: {cell}: {fault}", err=True)
    return _FAILED if failed else 0


@command.command("report")
@click.argument("results", type=_MODEL)
@click.option(
    "-o",
    "--output",
    type=_MODEL,
    metavar="FILE",
    help="Where it goes; .html or .md.  [default: beside RESULTS, as .html]",
)
def report(results: Path, output: Path | None) -> None:
    """Write RESULTS, a file that `edgetext bench` wrote, as a page that needs no network."""
    from edgetext.core.errors import EdgetextError
    from edgetext.core.files import write_text
    from edgetext_bench.report.markdown import markdown
    from edgetext_bench.report.page import page
    from edgetext_bench.rows import read_rows

    rows = read_rows(results)
    output = output or results.with_suffix(".html")
    if output.suffix not in (".html", ".md"):
        raise EdgetextError(f"{output}: a report is a .html or a .md file; name it so")
    if not any(row["status"] == "ok" for row in rows):
        raise EdgetextError(f"{results}: no cell in it was measured; run `edgetext bench` again")
    write_text(output, page(rows) if output.suffix == ".html" else markdown(rows))
    click.echo(f"wrote {output}")


@command.command("compare")
@click.argument("old", type=_MODEL)
@click.argument("new", type=_MODEL)
@click.option(
    "--tolerance",
    type=click.FloatRange(min=0),
    default=10,
    show_default=True,
    metavar="PERCENT",
    help="How much slower or larger is no regression.",
)
def compare(old: Path, new: Path, tolerance: float) -> int:
    """NEW against OLD, two files that `edgetext bench` wrote, cell by cell; larger is worse.

    A time is a regression when even the better end of its ratio's 95 % interval is beyond the
    tolerance; a metric, when it fell by more than half a point. Exit status 1 when there is one.
    """
    from edgetext.core.errors import EdgetextError
    from edgetext.core.tables import aligned
    from edgetext_bench.compare import compare as compared
    from edgetext_bench.rows import read_rows

    found = compared(read_rows(old), read_rows(new))
    if not found.changes:
        raise EdgetextError(
            f"{old} and {new} have no measured cell in common; give the same files' names, data "
            "and targets to both runs"
        )
    rows, worse = [], 0
    for change in found.changes:
        bad = change.regressed(tolerance / 100)
        worse += bad
        interval = f"{change.low:.3f}–{change.high:.3f}" if change.low != change.high else ""
        rows.append([
            f"{change.cell}, {change.figure}", f"{change.old:,.6g}", f"{change.new:,.6g}",
            f"{change.ratio:.3f}", interval, "regression" if bad else "",
        ])  # fmt: skip
    click.echo(aligned(["cell", "old", "new", "ratio", "95 %", ""], rows))
    for name, cells in ((old, found.only_old), (new, found.only_new)):
        if cells:
            click.echo(f"only in {name}: {len(cells)} cell(s), such as {cells[0]}")
    if found.warning:
        click.echo(f"note: {found.warning}", err=True)
    click.echo(f"{worse} regression(s) past {tolerance:g} % among {len(rows)} figures")
    return _FAILED if worse else 0
