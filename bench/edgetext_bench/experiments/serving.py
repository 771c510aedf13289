"""Requests a second and latency of `edgetext serve` beside other servers around the same file.

    python -m edgetext_bench.experiments.serving FILE [--rounds 7] [--connections 1 8 32]

Each server (edgetext_bench.experiments.serving_programs) is a process on the first core, and wrk
(https://github.com/wg/wrk) asks it from the second, over the loopback, the texts of the file's
golden examples in turns; servers that are not asked are stopped meanwhile. In each round all are
asked in an order that is drawn anew. Figures are medians of the rounds, ratios of what was measured
in the same round. FastAPI and LitServe must be installed, and wrk.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import click

from edgetext.predictor import Predictor, load

# Of edgetext_bench.experiments.serving_programs, which imports what is compared.
MODULE = f"{__package__}.serving_programs"
OURS = "edgetext"
RIVALS = ("FastAPI, async def", "FastAPI, def", "LitServe")
# With NAME-batch.onnx, which must lie beside the file; in the plan only where it does.
BATCH = "edgetext, batch file"
SERVER, CLIENT = 0, 1  # cores
STARTED = 60.0  # seconds
SCRIPT = """
local bodies, at = {{ {bodies} }}, 0
wrk.method, wrk.path = "POST", "/v1/predict"
wrk.headers["content-type"] = "application/json"
request = function()
  at = at % #bodies + 1
  return wrk.format(nil, nil, nil, bodies[at])
end
done = function(summary, latency, requests)
  local e = summary.errors
  local n = summary.requests
  io.write(string.format("figures %d %f %f %f %d\\n", n, n / summary.duration * 1e6,
    latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """rate: requests a second; p50, p99: microseconds from a request to its answer; processor:
    microseconds of the server's processor time a request."""

    rate: float
    p50: float
    p99: float
    processor: float


@contextmanager
def started(name: str, file: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start a server on its core; give it with its port, stopped."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    served = batch_file(file) if name == BATCH else file
    command = [sys.executable, "-m", MODULE, name, str(served), str(port)]
    process = subprocess.Popen(
        ["taskset", "-c", str(SERVER), *command], start_new_session=True, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port, process)
        os.killpg(process.pid, signal.SIGSTOP)
        yield process, port
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def batch_file(file: Path) -> Path:
    """Give the path of the batch file beside a file."""
    return file.with_stem(f"{file.stem}-batch")


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + STARTED
    while process.poll() is None and time.monotonic() < end:
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                time.sleep(2)  # LitServe listens before its worker has loaded the file.
                return
        time.sleep(0.1)
    raise click.ClickException(f"port {port}: no server there after {STARTED:g} seconds")


def asked(server: tuple[subprocess.Popen[bytes], int], script: str, n: int, s: int) -> Figures:
    """Ask a server by n connections for s seconds, each of which waits for an answer before it asks
    again; ClickException where any request fails."""
    process, port = server
    os.killpg(process.pid, signal.SIGCONT)
    before = processor_time(process.pid)
    try:
        wrk = ["wrk", "-t1", f"-c{n}", f"-d{s}s", "-s", script, f"http://127.0.0.1:{port}"]
        done = subprocess.run(
            ["taskset", "-c", str(CLIENT), *wrk], capture_output=True, text=True, check=True
        )
    finally:
        os.killpg(process.pid, signal.SIGSTOP)
    match = re.search(r"^figures (\d+) (\S+) (\S+) (\S+) (\d+)$", done.stdout, re.MULTILINE)
    if match is None or match[5] != "0":
        raise click.ClickException(f"wrk had errors: {done.stdout}")
    spent = processor_time(process.pid) - before
    rate, p50, p99 = map(float, match.groups()[1:4])
    return Figures(rate, p50, p99, spent / int(match[1]))


def processor_time(group: int) -> float:
    """Give the microseconds that the processes of a group have had, as the kernel counts them, a
    hundredth of a second at a time."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # a process that has just ended
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks * 1e6 / os.sysconf("SC_CLK_TCK")


def alone(model: Predictor, texts: Sequence[str], calls: int = 1000) -> float:
    """Give the median of the microseconds that an answer takes without a server, on its core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {SERVER})
    taken = []
    for number in range(calls):
        text = texts[number % len(texts)]
        start = time.perf_counter()
        data = text.encode()
        json.dumps(model.predict(data).as_json(data))
        taken.append((time.perf_counter() - start) * 1e6)
    os.sched_setaffinity(0, before)
    return median(taken)


def measure(
    file: Path, connections: Sequence[int], rounds: int, seconds: int
) -> tuple[dict[tuple[str, int], list[Figures]], list[float]]:
    """Give the figures of each server and number of connections, one a round, and the microseconds
    of an answer alone."""
    model = load(file)
    texts = [example.text for example in model.golden]
    bodies = ", ".join(json.dumps(json.dumps({"text": text})) for text in texts if text.isascii())
    figures: dict[tuple[str, int], list[Figures]] = {}
    answers: list[float] = []
    orders = random.Random(0)
    names = [OURS, "edgetext, in a thread", "edgetext, over ASGI", *RIVALS]
    if batch_file(file).exists():
        names.insert(1, BATCH)
    with ExitStack() as stack, tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT.format(bodies=bodies))
        script.flush()
        servers = {name: stack.enter_context(started(name, file)) for name in names}
        for number in range(-1, rounds):
            for n in connections:
                for name in orders.sample(names, len(names)):
                    found = asked(servers[name], script.name, n, seconds)
                    if number >= 0:
                        figures.setdefault((name, n), []).append(found)
            if number >= 0:
                answers.append(alone(model, texts))
    return figures, answers


def table(figures: dict[tuple[str, int], list[Figures]], answers: Sequence[float]) -> Iterator[str]:
    """Write a row a server and number of connections, as Markdown."""
    yield f"An answer without a server: {median(answers):.0f} µs."
    yield ""
    yield (
        "| server | connections | requests/s | p50, µs | p99, µs | processor, µs | "
        "ours: requests/s | ours: p50 added | ours: processor |"
    )
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for (name, n), theirs in figures.items():
        ours = figures[OURS, n]

        def middle(of: Callable[[Figures], float], theirs: Sequence[Figures] = theirs) -> float:
            return median(map(of, theirs))

        rate = median(a.rate / b.rate for a, b in zip(ours, theirs, strict=True))
        added = median(
            (a.p50 - answer) / (b.p50 - answer)
            for a, b, answer in zip(ours, theirs, answers, strict=True)
        )
        spent = median(a.processor / b.processor for a, b in zip(ours, theirs, strict=True))
        yield (
            f"| {name} | {n} | {middle(lambda x: x.rate):,.0f} | {middle(lambda x: x.p50):,.0f} | "
            f"{middle(lambda x: x.p99):,.0f} | {middle(lambda x: x.processor):,.0f} | "
            f"{rate:.2f} | {added:.2f} | {spent:.2f} |"
        )


def _place(item: tuple[tuple[str, int], object]) -> tuple[int, bool, str]:
    """Give the order of rows: ours first of each number of connections."""
    (name, n), _ = item
    return n, not name.startswith(OURS), name


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8, 32])
    given = parser.parse_args()
    figures, answers = measure(given.file, given.connections, given.rounds, given.seconds)
    click.echo("\n".join(table(dict(sorted(figures.items(), key=_place)), answers)))


if __name__ == "__main__":
    main()
