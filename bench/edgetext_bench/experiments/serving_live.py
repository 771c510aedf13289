"""What judging on live traffic costs those who wait: a server with a shadow beside one without.

    python -m edgetext_bench.experiments.serving_live FILE CANDIDATE [--rounds 21] [--seconds 3]

Both servers' workers are on the first core, the load generator on the second, and the process that
judges where the system puts it. In each round both are asked the same Poisson stream, at a share of
what the plain one answers at most, in an order that is drawn anew; the one that is not asked is
stopped meanwhile. Ratios are of the same round, and the medians of those. --before gives a third
server in the same rounds, that of another checkout's edgetext, without options.

On a machine that has much else to do the process that judges hardly runs. With --ahead the servers
and the load generator have the niceness -19 and that process 0, as far apart as 0 and 19 are.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import click
import httpx2

from edgetext.loadtest.arrivals import pattern_of
from edgetext.loadtest.generator import run, saturate
from edgetext.predictor import Predictor, load

SERVER, CLIENT = 0, 1  # cores
AHEAD = -19  # niceness
PLAIN, SHADOW, BEFORE = "plain", "shadow", "before"
PROGRAM = "import sys; from edgetext.cli import main; sys.exit(main(sys.argv[1:]))"


@dataclass(frozen=True, slots=True)
class Figures:
    """p50, p99: seconds from when a request is due to its answer. processor: the server's seconds a
    request, without those of the process that judges."""

    p50: float
    p99: float
    processor: float


@dataclass(frozen=True, slots=True)
class Running:
    """A server: the process that answers, those that it has started, and where it is."""

    process: int
    children: Sequence[int]
    url: str

    def signal(self, number: int) -> None:
        """Send a signal to all of its processes."""
        for pid in (self.process, *self.children):
            os.kill(pid, number)

    def processor(self) -> float:
        """Give the seconds that the process which answers has run."""
        # The clock of another process's time, as clock_getcpuclockid(3) makes its number.
        return time.clock_gettime(~self.process << 3 | 2)


@contextmanager
def running(arguments: Sequence[str], source: Path | None) -> Iterator[Running]:
    """Start `edgetext serve` of this edgetext, or of the one in a checkout, and stop it."""
    environment = dict(os.environ)
    if source is not None:
        environment["PYTHONPATH"] = str(source)
    command = [sys.executable, "-c", PROGRAM, "serve", *arguments, "--port", "0", "--no-log"]
    with tempfile.TemporaryFile("w") as rest:
        process = subprocess.Popen(
            command,
            stderr=subprocess.PIPE,
            stdout=rest,
            env=environment,
            start_new_session=True,
        )
        try:
            assert process.stderr is not None
            line = process.stderr.readline().decode()
            match = re.search(r"http://\S+", line)
            if match is None:
                raise click.ClickException(line + process.stderr.read().decode())
            listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            for task in Path(f"/proc/{process.pid}/task").iterdir():
                os.sched_setaffinity(int(task.name), {SERVER})
            server = Running(process.pid, [int(x) for x in listed], match[0])
            yield server
            server.signal(signal.SIGCONT)
        finally:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            process.communicate()


def put_ahead(seconds: float = 0.0) -> None:
    """Give the processes that this one has started AHEAD, and the groups of their sessions
    (sched(7), autogroup)."""
    listed = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    for pid in listed:
        group = Path(f"/proc/{pid}/autogroup")
        with suppress(OSError):
            if not group.read_text().endswith(f"nice {AHEAD}\n"):
                group.write_text(str(AHEAD))
                for task in Path(f"/proc/{pid}/task").iterdir():
                    os.setpriority(os.PRIO_PROCESS, int(task.name), AHEAD)


def measured(
    server: Running, rate: float, seconds: float, seed: int, texts: list[str], ahead: bool
) -> Figures:
    """Ask a server for some seconds; it is stopped before and after."""
    schedule = pattern_of(f"poisson:rate={rate:g}").schedule(seconds, seed)
    asked = [(text,) for text in texts]
    server.signal(signal.SIGCONT)
    before = server.processor()
    watch = put_ahead if ahead else None
    result = run(server.url, schedule, asked, cores=(CLIENT,), watch=watch)
    processor = server.processor() - before
    server.signal(signal.SIGSTOP)
    if result.errors:
        raise click.ClickException(f"{server.url}: {result.statuses()}")
    return Figures(result.percentile(50), result.percentile(99), processor / len(result))


def report(rounds: Sequence[dict[str, Figures]], names: Sequence[str]) -> None:
    """Print medians, and ratios to the plain server's of the same round."""
    for name in names:
        row = [f"{name:7}"]
        for field in Figures.__slots__:
            value = median(getattr(each[name], field) for each in rounds)
            ratios = sorted(getattr(x[name], field) / getattr(x[PLAIN], field) for x in rounds)
            quarter = len(ratios) // 4
            row.append(
                f"{field} {value * 1e6:,.0f} µs, ratio {median(ratios):.3f} "
                f"({ratios[quarter]:.3f}–{ratios[-1 - quarter]:.3f})"
            )
        print("; ".join(row))  # noqa: T201 (the result)


def texts_of(predictor: Predictor) -> list[str]:
    """Give the texts of the golden examples."""
    return [example.texts[0] for example in predictor.golden]


def judged(url: str) -> str:
    """Say how many texts were compared and dropped."""
    models = httpx2.get(f"{url}/v1/evaluation").json()["models"]
    (model,) = models.values()
    agreement = model["agreement"]
    return (
        f"compared {agreement['of']:,}, alike {agreement['share']:.4f}, dropped "
        f"{model['dropped']:,}, latency ratio {model['latency']['ratio']:.3f}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("file", type=Path)
    parser.add_argument("candidate", type=Path)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--share", type=float, default=0.5)
    parser.add_argument("--rate", type=float, help="instead of a share of the capacity")
    parser.add_argument("--before", type=Path, help="a checkout of another edgetext")
    parser.add_argument("--ahead", action="store_true", help="of other work; needs root")
    given = parser.parse_args()
    texts = texts_of(load(given.file))
    plain = [str(given.file)]
    nice = "0" if given.ahead else "19"
    shadow = [*plain, "--shadow", str(given.candidate), "--sample", "1", "--nice", nice]
    with ExitStack() as stack:
        servers = {
            PLAIN: stack.enter_context(running(plain, None)),
            SHADOW: stack.enter_context(running(shadow, None)),
        }
        if given.before is not None:
            servers[BEFORE] = stack.enter_context(running(plain, given.before))
        asked = [(text,) for text in texts]
        most = saturate(servers[PLAIN].url, 3, asked, connections=16, cores=(CLIENT,)).throughput
        rate = given.rate or given.share * most
        print(f"capacity {most:,.0f} requests/s, asked {rate:,.0f}", flush=True)  # noqa: T201
        for server in servers.values():
            server.signal(signal.SIGSTOP)
        orders, rounds = random.Random(1), []
        for number in range(given.rounds):
            order = orders.sample(list(servers), len(servers))
            rounds.append(
                {
                    name: measured(servers[name], rate, given.seconds, number, texts, given.ahead)
                    for name in order
                }
            )
            words = [f"{name} {rounds[-1][name].p99 * 1e3:.1f}" for name in servers]
            print(f"round {number + 1}, p99 in ms: {', '.join(words)}", flush=True)  # noqa: T201
        report(rounds, list(servers))
        servers[SHADOW].signal(signal.SIGCONT)
        print(judged(servers[SHADOW].url))  # noqa: T201


if __name__ == "__main__":
    main()
