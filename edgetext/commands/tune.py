"""`edgetext tune`: the cheapest way to serve a model that answers a load in time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext.loadtest.arrivals import Arrivals
    from edgetext.tuning.load import Load
    from edgetext.tuning.setting import Setting
    from edgetext.tuning.study import Report

_NOT_MET = 1
_NEEDED = ("uvicorn", "prometheus_client", "httptools", "uvloop")
# Of a pattern, and of each point of the curve.
_SECONDS = 10.0
_UNITS = {"us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0}


class _Duration(click.ParamType):
    """A time as 10ms, in seconds."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, float):
            return value
        match = re.fullmatch(r"(\d+(?:\.\d*)?)\s*(us|µs|ms|s)", value.strip())
        seconds = float(match[1]) * _UNITS[match[2]] if match else 0.0
        if not seconds:
            self.fail(f"{value!r} is no time; write it as 10ms", param, ctx)
        return seconds


@click.command("tune")
@click.argument("models", nargs=-1, required=True, type=options.FILE, metavar="MODEL...")
@click.option(
    "--pattern",
    required=True,
    metavar="LOAD",
    help="poisson:rate=R, constant:rate=R, ramp:from=R,to=R or daily:low=R,high=R, with R requests "
    "a second; or a trace, a .csv with a column `time`.",
)
@click.option("--p99", required=True, type=_Duration(), metavar="TIME", help="As 10ms, at most.")
@click.option(
    "--errors",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    metavar="SHARE",
    help="Of the requests, how many may have no answer.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    help="How long each load lasts.  [default: 10; all of a trace]",
)
@options.option("--texts", type=options.FILE, help="A text a line.  [default: the golden examples]")
@click.option(
    "--processes",
    type=options.Listed(click.IntRange(1, 256)),
    metavar="N,...",
    help="Processes to try.  [default: up to the cores]",
)
@click.option(
    "--threads",
    type=options.Listed(click.IntRange(1, 256)),
    metavar="N,...",
    help="Threads to try.  [default: up to the cores]",
)
@click.option(
    "--deadline-ms",
    "deadlines",
    type=options.Listed(click.IntRange(min=0)),
    default="5000",
    show_default=True,
    metavar="N,...",
    help="Deadlines to try, as of `serve`; 0 for none.",
)
@click.option(
    "--plan",
    "rates",
    type=options.Listed(click.FloatRange(min=0, min_open=True)),
    default=(),
    metavar="R,...",
    help="Also say what these rates need, in requests a second.",
)
@click.option(
    "--curve/--no-curve", default=True, help="Measure the saturation curve of the choice."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the arrivals.")
@options.output(
    "The folder of the measurements.  [default: NAME-tuned beside MODEL]", options.WRITTEN_FOLDER
)
def command(
    models: tuple[Path, ...], p99: float, errors: float, output: Path | None, **given: Any
) -> int:
    """Find the cheapest `edgetext serve` of MODEL that answers a load within a time.

    Several MODELs are files of the same model, as the plain one and a batch file. Servers are
    started with each file, number of processes, threads and deadline, those of the fewest cores
    first, and a process of its own sends them the load, when each request is due. Ctrl-C stops it,
    and the same command goes on.

    Exit status 1 when no setting meets the target.
    """
    _check(given)
    from edgetext.core.errors import StoppedError
    from edgetext.tuning.study import Task, tune

    folder = output or models[0].with_name(f"{models[0].stem}-tuned")
    load = _load(models, given)
    curve_seconds = (given["seconds"] or _SECONDS) if given["curve"] else 0.0
    task = Task(load, p99, errors, curve_seconds, given["rates"])
    try:
        report = tune(_settings(models, given), task, folder)
    except KeyboardInterrupt:
        raise StoppedError(f"stopped; the same command goes on from {folder}") from None
    return _print(report, folder)


def _check(given: dict[str, Any]) -> None:
    """Refuse what does not go together, and a machine or environment that cannot do it."""
    import sys
    from importlib.util import find_spec

    from edgetext.core.errors import EdgetextError

    if given["rates"] and not given["curve"]:
        raise click.UsageError("--plan needs the curve; leave out --no-curve")
    if not all(map(find_spec, _NEEDED)):
        raise EdgetextError(
            "`tune` needs uvicorn, prometheus-client, httptools and uvloop; add them with "
            "`pip install 'edgetext[serve]'`"
        )
    if sys.platform != "linux":
        raise EdgetextError("`tune` measures processes as Linux shows them; run it there")


def _load(models: Sequence[Path], given: dict[str, Any]) -> Load:
    from edgetext.loadtest.arrivals import pattern_of
    from edgetext.loadtest.trace import read_trace
    from edgetext.tuning.candidates import questions
    from edgetext.tuning.load import Load

    word = given["pattern"]
    seconds = given["seconds"]
    arrivals: Arrivals
    if word.endswith(".csv") or Path(word).is_file():
        arrivals = trace = read_trace(Path(word))
        seconds = seconds or trace.whole.seconds
    else:
        arrivals = pattern_of(word)
    texts = questions(models, given["texts"], arrivals)
    return Load(arrivals, texts, seconds or _SECONDS, given["seed"])


def _settings(models: Sequence[Path], given: dict[str, Any]) -> list[Setting]:
    """The grid: what is asked for, and else what the machine has cores for."""
    from edgetext.timing.machine import cores
    from edgetext.tuning.setting import counts, grid

    most = len(cores())
    processes = given["processes"] or counts(most)
    threads = given["threads"] or counts(most)
    if given["processes"]:
        most = max(most, max(processes) * min(threads))
    if given["threads"]:
        most = max(most, max(threads) * (max(processes) if given["processes"] else 1))
    return grid(tuple(dict.fromkeys(models)), processes, threads, given["deadlines"], most)


def _print(report: Report, folder: Path) -> int:
    from edgetext.tuning.words import busy_line, curve_table, of_trial, plan_table, service_line

    task, chosen = report.task, report.outcome.chosen
    if chosen is None:
        best = of_trial(*report.outcome.best, task.p99, task.errors)
        click.echo(f"no setting met the target; the best was {best}", err=True)
    elif report.curve is not None:
        if warning := busy_line(report.curve):
            click.echo(f"warning: {warning}", err=True)
        click.echo(service_line(report.curve))
        click.echo(curve_table(report.curve, chosen[0].processes))
    if report.needs:
        click.echo(plan_table(report.needs, report.machine["cores"]))
    click.echo(f"wrote {folder / 'tuning.json'} and {folder / 'tuning.html'}", err=True)
    if chosen is None:
        return _NOT_MET
    click.echo(chosen[0].command)
    return 0
