"""`edgetext serve` under more than it can answer, and for long; and what can be offered to it.

    python -m edgetext_bench.experiments.serving_load overload FILE [--times 4] [--seconds 10]
        [--rounds 1] [--pause 0]
    python -m edgetext_bench.experiments.serving_load soak FILE [--minutes 10] [--share 0.7]
        [--during COMMAND]
    python -m edgetext_bench.experiments.serving_load swap FILE OTHER [--swaps 50] [--every 1]
        [--share 0.5]
    python -m edgetext_bench.experiments.serving_load health FILE [--times 4] [--seconds 10]
    python -m edgetext_bench.experiments.serving_load generator

Load comes from a process of its own (edgetext.loadtest), in an open loop of Poisson arrivals, with
the texts of the file's golden examples; latencies count from when a request was due. `overload`
finds what the server answers at most and offers a multiple of that: how many are refused, how long
the others take, what memory that takes, and whether all is well after it; `--rounds` does so again
and again and gives medians, with so many seconds of `--pause` between. `soak` offers a share of
the limit and looks at the memory each second; COMMAND is run in a shell in the middle of that, with
the server's address in EDGETEXT_URL, and how many requests are lost is said. `swap` publishes two
files as versions of one model, lets a server follow the stage, and points it at the other one each
so many seconds of a load: how many came to serve, and how many requests were lost. `health` asks
whether the server lives and is ready, by new connections, first while it has nothing to do and then
while a multiple of the limit is offered. `generator` offers
more and more to a server that does nothing, until half of the requests go out too late.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from pathlib import Path
from statistics import median

import click
import numpy as np

from edgetext.loadtest import children
from edgetext.loadtest.arrivals import Pattern
from edgetext.loadtest.generator import LOOK, run, saturate
from edgetext.loadtest.questions import Text
from edgetext.loadtest.result import IN_TIME, Result
from edgetext.loadtest.server import Server
from edgetext.loadtest.usage import Usage
from edgetext.timing.machine import cores
from edgetext.tuning.candidates import questions
from edgetext_bench.experiments.serving_health import Probe
from edgetext_bench.experiments.serving_swap import Swaps, swapped

# Seconds of full load by which the limit is found, and connections, a process, that make it.
LIMIT_SECONDS, CONNECTIONS = 4.0, 32
MEGABYTE, HOUR = 1e6, 3600.0
# The share of a soak in which caches fill and buffers grow.
SETTLING = 0.2
# Requests a second that are offered to a server that does nothing.
OFFERED = (1000, 2000, 4000, 6000, 8000, 10_000, 12_000, 15_000, 20_000, 30_000, 40_000)
NOTHING = "edgetext_bench.experiments.serving_nothing"


@dataclass(slots=True)
class Watcher:
    """Memory of a server each second, and a command in the middle. samples: seconds and bytes."""

    server: Server
    middle: float
    command: str | None = None
    samples: list[tuple[float, int]] = field(default_factory=list)
    _process: subprocess.Popen[bytes] | None = None

    def __call__(self, past: float) -> None:
        if not self.samples or past - self.samples[-1][0] >= 1:
            self.samples.append((past, self.server.usage().resident))
        if self.command is not None and self._process is None and past >= self.middle:
            environment = {**os.environ, "EDGETEXT_URL": self.server.url}
            self._process = subprocess.Popen(self.command, shell=True, env=environment)

    def finish(self) -> int | None:
        """Wait for the command and give its exit status; None where there was none."""
        return None if self._process is None else self._process.wait()

    def slope(self) -> tuple[float, float]:
        """Bytes an hour by least squares after SETTLING, and the standard error of that."""
        settled = self.samples[int(SETTLING * len(self.samples)) :]
        if len(settled) < 3:
            return float("nan"), float("nan")
        x, y = np.asarray(settled, float).T
        x = x - x.mean()
        slope = (x * y).sum() / (x**2).sum()
        rest = y - y.mean() - slope * x
        error = np.sqrt((rest**2).sum() / (len(x) - 2) / (x**2).sum())
        return float(HOUR * slope), float(HOUR * error)


def main() -> None:
    """Run the scenario that is asked for."""
    options = _options()
    if options.scenario == "generator":
        _generator(options.seconds)
        return
    if options.scenario == "swap":
        with swapped([options.file, options.other], options.every, options.swaps) as (words, swaps):
            _serve(words, options, partial(_swap, swaps))
    else:
        ways = {"overload": _overload, "soak": _soak, "health": _health}
        _serve([str(options.file)], options, ways[options.scenario])


def _serve(
    arguments: list[str],
    options: argparse.Namespace,
    scenario: Callable[[Server, list[Text], float, argparse.Namespace], None],
) -> None:
    """Start a server, find its limit, and run a scenario."""
    spare = cores()[1:]
    words = [*arguments, *options.serve.split()]
    texts = questions([options.file], None)
    with Server(words, options.workers, spare if options.workers <= len(spare) else ()) as server:
        scenario(server, texts, _limit(server, texts, options), options)


def _swap(
    swaps: Swaps, server: Server, texts: list[Text], limit: float, options: argparse.Namespace
) -> None:
    rate, before = options.share * limit, server.usage()
    schedule = Pattern("poisson", rate, rate).schedule(options.swaps * options.every, options.seed)
    result = run(server.url, schedule, texts, cores=cores()[:1], watch=swaps)
    click.echo(f"offered {rate:,.0f} requests/s, {options.share:g} of the limit")
    _print(result)
    refused = int((result.status == HTTPStatus.TOO_MANY_REQUESTS).sum())
    lost = len(result) - len(result.answered) - refused
    click.echo(
        f"{swaps.served(server.url)} of {swaps.staged} versions came to serve; of {len(result):,} "
        f"requests {refused:,} refused (429) and {lost:,} lost"
    )
    _print_memory("before", before)
    _print_memory("after", server.usage())


def _health(server: Server, texts: list[Text], limit: float, options: argparse.Namespace) -> None:
    idle = Probe(server.url)
    for _ in range(round(options.seconds / LOOK)):
        idle(0.0)
        time.sleep(LOOK)
    click.echo(f"with nothing else to do, {idle.line()}")
    rate, busy = options.times * limit, Probe(server.url)
    schedule = Pattern("poisson", rate, rate).schedule(options.seconds, options.seed)
    result = run(server.url, schedule, texts, cores=cores()[:1], watch=busy)
    click.echo(f"offered {rate:,.0f} requests/s, {options.times:g} x the limit, {busy.line()}")
    _print(result)


def _overload(server: Server, texts: list[Text], limit: float, options: argparse.Namespace) -> None:
    before, spare = server.usage(), cores()[:1]
    limits, results = [limit], []
    for number in range(options.rounds):
        if number:
            time.sleep(options.pause)
            limits.append(_saturated(server, texts, options.workers, options.seconds))
        time.sleep(options.pause)
        offered = Pattern("poisson", options.times * limits[-1], options.times * limits[-1])
        schedule = offered.schedule(options.seconds, options.seed + number)
        results.append(run(server.url, schedule, texts, cores=spare))
        rate = len(results[-1]) / options.seconds
        click.echo(
            f"offered {rate:,.0f} requests/s, {options.times:g} x the limit of {limits[-1]:,.0f}"
        )
        _print(results[-1])
    _print_rounds(limits, results)
    _print_memory("before", before)
    _print_memory("after", server.usage())
    half = Pattern("poisson", limit / 2, limit / 2).schedule(LIMIT_SECONDS, options.seed)
    click.echo(f"then {limit / 2:,.0f} requests/s, half of the limit")
    _print(run(server.url, half, texts, cores=spare))


def _print_rounds(limits: list[float], results: list[Result]) -> None:
    """Medians of the rounds."""
    limit, goodput = median(limits), median(result.throughput for result in results)
    shares = [result.throughput / one for result, one in zip(results, limits, strict=True)]
    offered = median(len(result) / result.seconds for result in results)
    p50, p99 = (1e3 * median(x.percentile(share) for x in results) for share in (50, 99))
    late = 1e3 * median(x.lateness for x in results)
    click.echo(
        f"medians of {len(results)} rounds: {limit:,.0f} answered/s at most; of {offered:,.0f} "
        f"offered {goodput:,.0f} answered/s, {100 * median(shares):.0f} % of the limit; p50 "
        f"{p50:,.2f}, p99 {p99:,.2f} ms; requests went out {late:.2f} ms late at p99"
    )


def _soak(server: Server, texts: list[Text], limit: float, options: argparse.Namespace) -> None:
    seconds = 60 * options.minutes
    rate = options.share * limit
    watcher = Watcher(server, seconds / 2, options.during)
    schedule = Pattern("poisson", rate, rate).schedule(seconds, options.seed)
    result = run(server.url, schedule, texts, cores=cores()[:1], watch=watcher)
    status = watcher.finish()
    click.echo(
        f"offered {rate:,.0f} requests/s, {options.share:g} of the limit, {options.minutes:g} min"
    )
    _print(result)
    first, last = watcher.samples[0][1], watcher.samples[-1][1]
    slope, error = watcher.slope()
    click.echo(
        f"memory: {first / MEGABYTE:.1f} MB at first, {last / MEGABYTE:.1f} MB at last; "
        f"{slope / MEGABYTE:+.2f} MB an hour (standard error {error / MEGABYTE:.2f}) after the "
        f"first {100 * SETTLING:.0f} %, {len(watcher.samples)} samples"
    )
    if status is not None:
        lost = len(result) - len(result.answered)
        click.echo(
            f"{options.during}: exit status {status}; {lost:,} of {len(result):,} requests lost"
        )


def _limit(server: Server, texts: list[Text], options: argparse.Namespace) -> float:
    """Requests a second that the server answers at most, after a warm-up of as long."""
    seconds = min(LIMIT_SECONDS, options.seconds) if options.scenario == "overload" else None
    limit = 0.0
    for _ in range(2):
        limit = _saturated(server, texts, options.workers, seconds or LIMIT_SECONDS)
        time.sleep(options.pause if seconds else 0.0)
    click.echo(f"answers at most {limit:,.0f} requests/s")
    return limit


def _saturated(server: Server, texts: list[Text], workers: int, seconds: float) -> float:
    many = CONNECTIONS * workers
    return saturate(server.url, seconds, texts, connections=many, cores=cores()[:1]).throughput


def _generator(seconds: float) -> None:
    """Offer more and more to a server that does nothing."""
    address, spare = _started(), cores()[:1]
    process, url = address
    try:
        for rate in OFFERED:
            schedule = Pattern("poisson", rate, rate).schedule(seconds, 0)
            result = run(url, schedule, [("wake me up at 7:30",)], cores=spare)
            late = [1e6 * float(np.percentile(result.late, share)) for share in (50, 99, 99.9)]
            click.echo(
                f"{rate:,} requests/s: {result.throughput:,.0f} answered; late by {late[0]:,.0f} "
                f"(p50), {late[1]:,.0f} (p99), {late[2]:,.0f} (p99.9) µs"
            )
            # What other programs take from a core now and then is not what the generator lacks.
            if late[0] > 1e6 * IN_TIME:
                break
    finally:
        children.end(process)


def _started() -> tuple[subprocess.Popen[bytes], str]:
    """A server that does nothing, and its address."""
    process = children.start(NOTHING, cores=cores()[1:2], stdout=subprocess.PIPE)
    assert process.stdout is not None
    return process, process.stdout.readline().decode().strip()


def _print(result: Result) -> None:
    counts = ", ".join(
        f"{100 * count / len(result):.2f} % {what}" for what, count in result.statuses().items()
    )
    times = ", ".join(f"p{share:g} {1e3 * result.percentile(share):,.2f}" for share in (50, 99))
    click.echo(
        f"  {counts}; of the answered {times} ms; {result.throughput:,.0f} answered/s; requests "
        f"went out {1e3 * result.lateness:.2f} ms late at p99"
    )


def _print_memory(when: str, usage: Usage) -> None:
    click.echo(
        f"  memory {when}: {usage.resident / MEGABYTE:.1f} MB, at most "
        f"{usage.peak / MEGABYTE:.1f} MB, in {usage.processes} processes"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    scenarios = parser.add_subparsers(dest="scenario", required=True)
    names = ("overload", "soak", "swap", "health")
    overload, soak, swap, health = (scenarios.add_parser(name) for name in names)
    for one in (overload, soak, swap, health):
        one.add_argument("file", type=Path)
        one.add_argument("--workers", type=int, default=1)
        one.add_argument("--serve", default="", help="more arguments of `edgetext serve`")
        one.add_argument("--seed", type=int, default=0)
    for one in (overload, health):
        one.add_argument("--times", type=float, default=4.0)
        one.add_argument("--seconds", type=float, default=10.0)
    overload.add_argument("--rounds", type=int, default=1)
    overload.add_argument("--pause", type=float, default=0.0)
    soak.add_argument("--minutes", type=float, default=10.0)
    soak.add_argument("--share", type=float, default=0.7)
    swap.add_argument("other", type=Path)
    swap.add_argument("--swaps", type=int, default=50)
    swap.add_argument("--every", type=float, default=1.0, metavar="SECONDS")
    swap.add_argument("--share", type=float, default=0.5)
    soak.add_argument("--during", metavar="COMMAND")
    scenarios.add_parser("generator").add_argument("--seconds", type=float, default=3.0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
