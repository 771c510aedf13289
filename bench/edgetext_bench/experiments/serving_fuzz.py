"""What a stream of bad requests does to `edgetext serve`.

    python -m edgetext_bench.experiments.serving_fuzz FILE [--requests 100000] [--seed 0]

A server of the file is asked on loopback connections: random bytes, wrong first lines, headers and
lengths, bodies that are cut, of other encodings or with fields that are wrong, connections that are
closed in the middle or half of the way, and good requests between them, whole and in pieces. Each
good one must be answered as without the rest, each bad one by a status of 4xx or by a closed
connection; afterwards all good ones are asked once more. It prints what was answered to which kind,
the server's resident memory before and after, and fails where anything is otherwise, or where the
server wrote a traceback.
"""

from __future__ import annotations

import argparse
import random
import re
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from rich.progress import track

from edgetext.predictor import load
from edgetext_bench.experiments.serving_fuzz_requests import GOOD, bad_kinds, good_request

# Requests before memory is looked at, in which a server takes what it keeps.
WARM = 2000
# Seconds.
TIMEOUT = 20.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """status: of the first response, 0 for none; body: of it."""

    status: int
    body: bytes


@contextmanager
def serving(file: Path) -> Iterator[tuple[subprocess.Popen[bytes], tuple[str, int], Path]]:
    """Serve a file in a process; give it, its address, and the file of what it writes to stderr."""
    with tempfile.TemporaryDirectory() as folder:
        errors = Path(folder) / "stderr"
        with errors.open("wb") as stream:
            command = [sys.executable, "-m", "edgetext", "serve", str(file), "--port", "0"]
            process = subprocess.Popen(
                [*command, "--deadline-ms", "2000"], stdout=subprocess.DEVNULL, stderr=stream
            )
        try:
            while not (match := re.search(r"http://(\S+):(\d+)", errors.read_text())):
                if process.poll() is not None:
                    raise click.ClickException(errors.read_text())
            yield process, (match[1], int(match[2])), errors
        finally:
            process.terminate()
            process.wait()


def resident(process: int) -> int:
    """Give the bytes of memory that a process has."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * 4096


def exchanged(address: tuple[str, int], parts: Sequence[bytes], ends: str) -> Outcome:
    """Send parts on a connection of their own and read the first response to its end.

    ends: "keep" waits for it, "half" says before that no more comes, "close" goes without it.
    """
    with socket.create_connection(address, timeout=TIMEOUT) as client:
        try:
            for part in parts:
                client.sendall(part)
            if ends == "close":
                return Outcome(0, b"")
            if ends == "half":
                client.shutdown(socket.SHUT_WR)
            return _response(client)
        except TimeoutError:
            raise
        except OSError:
            # It refused what it had read and closed while more was sent.
            return Outcome(0, b"")


def _response(client: socket.socket) -> Outcome:
    content = b""
    while b"\r\n\r\n" not in content:
        if not (part := client.recv(1 << 16)):
            return Outcome(0, b"")
        content += part
        if content.startswith(b"HTTP/1.1 100 ") and b"\r\n\r\n" in content:
            content = content.partition(b"\r\n\r\n")[2]
    head, _, body = content.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    size = int(length[1]) if length else 0
    while len(body) < size and (part := client.recv(1 << 16)):
        body += part
    # What is more is of the response after it.
    return Outcome(int(head.split(b" ")[1]), body[:size])


def asked(
    address: tuple[str, int], model: str, expected: Sequence[tuple[str, bytes]], n: int, seed: int
) -> dict[str, Counter[int]]:
    """Ask n requests; give how often each status was answered, by kind. ClickException where one is
    answered otherwise than it must be.

    expected: texts, and the bodies that answer them.
    """
    dice = random.Random(seed)
    good_kinds, others = [*GOOD.items()], [*bad_kinds(model).items()]
    counts: dict[str, Counter[int]] = {}
    for number in track(range(n), "requests", disable=not sys.stderr.isatty()):
        text, body = dice.choice(expected)
        good = number % 4 == 0
        kind, make = dice.choice(good_kinds if good else others)
        parts, ends = make(dice, text)
        outcome = exchanged(address, parts, ends)
        counts.setdefault(kind, Counter())[outcome.status] += 1
        right = outcome == Outcome(200, body) if good else _refused(outcome)
        if not right:
            sent = b"".join(parts)
            raise click.ClickException(
                f"request {number} ({kind}): {sent[:300]!r} of {len(sent)} bytes was answered "
                f"{outcome.status} {outcome.body[:300]!r}"
            )
    return counts


def _refused(outcome: Outcome) -> bool:
    return outcome.status == 0 or 400 <= outcome.status < 500 or outcome.status == 504


def run(file: Path, requests: int, seed: int, warm: int = WARM) -> Iterator[str]:
    """Do all of it; yield the lines of the report. ClickException as of `asked`."""
    model = load(file)
    texts = [example.text for example in model.golden if example.text]
    with serving(file) as (process, address, errors):
        plain = [exchanged(address, [good_request(text)], "keep") for text in texts]
        if any(outcome.status != 200 for outcome in plain):
            raise click.ClickException("the server does not answer the golden examples")
        expected = [(text, outcome.body) for text, outcome in zip(texts, plain, strict=True)]
        asked(address, model.metadata.name, expected, warm, seed + 1)
        before = resident(process.pid)
        counts = asked(address, model.metadata.name, expected, requests, seed)
        after = resident(process.pid)
        again = [exchanged(address, [good_request(text)], "keep") for text in texts]
        if again != plain or process.poll() is not None:
            raise click.ClickException("afterwards the server answers otherwise")
        lines = errors.read_text().splitlines()
    if any("Traceback" in line for line in lines):
        raise click.ClickException("\n".join(lines[-40:]))
    yield "| kind | requests | answered |"
    yield "| --- | ---: | --- |"
    for kind, statuses in sorted(counts.items()):
        said = ", ".join(
            f"{status or 'closed'}: {count:,}" for status, count in sorted(statuses.items())
        )
        yield f"| {kind} | {statuses.total():,} | {said} |"
    yield ""
    yield (
        f"{requests:,} requests, seed {seed}: memory {before / 1e6:.1f} MB before and "
        f"{after / 1e6:.1f} MB after; {len(lines) - 1} lines on stderr; "
        f"{len(texts)} texts answered as before."
    )


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    for line in run(given.file, given.requests, given.seed):
        click.echo(line)


if __name__ == "__main__":
    main()
