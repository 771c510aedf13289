"""The process that sends requests: `python -m edgetext.loadtest.worker < job > result`.

Both are .npz files, whose arrays `generator.run` and `generator.saturate` name.
"""

from __future__ import annotations

import asyncio
import gc
import io
import json
import resource
import sys

import numpy as np
import uvloop

from edgetext.loadtest.loops import OpenLoop, closed_loop

# Open files beside the connections.
SPARE = 64


def main() -> None:
    """Do the job on stdin and write the result to stdout."""
    job = np.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=False)
    options = json.loads(str(job["options"]))
    data, ends = job["bodies"].tobytes(), job["ends"].tolist()
    bodies = [data[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]
    # Collecting garbage would let requests wait; what a run makes fits into memory.
    gc.collect()
    gc.disable()
    if "times" in job:
        loop = OpenLoop(bodies, job["times"], job["which"], options.pop("timeout"))
        load = loop.run(most=_most_connections(), **options)
    else:
        load = closed_loop(options.pop("url"), bodies, **options)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        result = runner.run(load)
    output = io.BytesIO()
    np.savez(
        output,
        due=result.due,
        late=result.late,
        latency=result.latency,
        status=result.status,
        failures=np.array(json.dumps(dict(result.failures))),
    )
    sys.stdout.buffer.write(output.getvalue())


def _most_connections() -> int:
    """How many connections this process may have, after asking for as many as it can."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return (1 << 16 if hard == resource.RLIM_INFINITY else hard) - SPARE


if __name__ == "__main__":
    main()
