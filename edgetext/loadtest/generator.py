"""Load on a server from a process of its own.

schedule = pattern_of("poisson:rate=200").schedule(seconds=10, seed=1)
result = run("http://127.0.0.1:8080", schedule, [("wake me up at 7:30",)])
result.percentile(99), result.statuses(), result.lateness
"""

from __future__ import annotations

import io
import json
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.loadtest import children
from edgetext.loadtest.arrivals import Schedule
from edgetext.loadtest.questions import Text, encoded, request
from edgetext.loadtest.result import Result

# Seconds from when a request is due until it is given up.
TIMEOUT = 30.0
# Connections that are open before the first request: the clients of a server are many.
CONNECTIONS = 64
LOOK = 0.05

# What is called while a load goes on, with the seconds since it began, about 20 times a second.
Watch = Callable[[float], None]


def run(
    url: str,
    schedule: Schedule,
    texts: Sequence[Text],
    *,
    fields: Mapping[str, object] | None = None,
    timeout: float = TIMEOUT,
    connections: int = CONNECTIONS,
    cores: Sequence[int] = (),
    watch: Watch | None = None,
) -> Result:
    """Send the requests of a schedule when they are due, whatever is outstanding (an open loop).

    url: of a server, as http://127.0.0.1:8080; texts, fields: what is asked in turns, see
    `questions.encoded`; cores: those of the process that sends, all where none are given.
    EdgetextError for an empty schedule, and where the process fails, as where no server is.
    """
    if not len(schedule):
        raise EdgetextError("the load has no request; give a higher rate or more seconds")
    bodies, which = encoded(url, schedule, texts, fields)
    options = {
        "url": url, "seconds": schedule.seconds, "timeout": timeout, "connections": connections,
    }  # fmt: skip
    return _in_process(bodies, options, cores, watch, times=schedule.times, which=which)


def saturate(
    url: str,
    seconds: float,
    texts: Sequence[Text],
    *,
    fields: Mapping[str, object] | None = None,
    timeout: float = TIMEOUT,
    connections: int = CONNECTIONS,
    cores: Sequence[int] = (),
    watch: Watch | None = None,
) -> Result:
    """Keep one request a connection under way (a closed loop): what a server answers at most, or,
    with one connection, how long an answer takes where nobody waits. As `run` besides."""
    options = {"url": url, "seconds": seconds, "timeout": timeout, "connections": connections}
    bodies = [request(url, [text], fields) for text in texts]
    return _in_process(bodies, options, cores, watch)


def _in_process(
    bodies: Sequence[bytes],
    options: dict[str, Any],
    cores: Sequence[int],
    watch: Watch | None,
    **arrays: np.ndarray,
) -> Result:
    with (
        tempfile.TemporaryFile() as job,
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as errors,
    ):
        given: dict[str, Any] = {
            "options": np.array(json.dumps(options)),
            "bodies": np.frombuffer(b"".join(bodies), np.uint8),
            "ends": np.cumsum([len(body) for body in bodies]),
            **arrays,
        }
        np.savez(job, **given)
        job.seek(0)
        process = children.start(
            "edgetext.loadtest.worker", cores=cores, stdin=job, stdout=output, stderr=errors
        )
        begin = time.monotonic()
        try:
            while process.poll() is None:
                time.sleep(LOOK)
                if watch is not None:
                    watch(time.monotonic() - begin)
        finally:
            children.end(process)
        if process.returncode:
            raise EdgetextError(f"no load could be put on {options['url']}: {_last(errors)}")
        output.seek(0)
        return _read(output.read(), float(options["seconds"]))


def _read(content: bytes, seconds: float) -> Result:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return Result(
            due=arrays["due"],
            late=arrays["late"],
            latency=arrays["latency"],
            status=arrays["status"],
            seconds=seconds,
            failures=json.loads(str(arrays["failures"])),
        )


def _last(errors: IO[bytes]) -> str:
    errors.seek(0)
    lines = errors.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "the process that sends it ended without a word"
