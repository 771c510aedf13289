"""`edgetext serve` as a process of its own."""

import re
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

PROGRAM = "import sys; from edgetext.cli import main; sys.exit(main(sys.argv[1:]))"


@contextmanager
def server(*arguments):
    """A process, its address, and the file of what it writes to stdout; it ends with the block."""
    command = [sys.executable, "-c", PROGRAM, "serve", "--port", "0", *map(str, arguments)]
    # A pipe that nobody reads would stop the server when it is full.
    out = tempfile.NamedTemporaryFile("w+")  # noqa: SIM115
    process = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, text=True)
    try:
        line = process.stderr.readline()
        address = re.search(r"http://\S+", line)
        assert address, line + process.stderr.read()
        yield process, address[0], Path(out.name)
    finally:
        process.kill()
        process.communicate()
        out.close()


def ready(address):
    """Wait for a server whose processes are still loading."""
    import httpx2

    for _ in range(600):
        try:
            return httpx2.get(f"{address}/v2/health/ready").json()
        except httpx2.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"{address}: not ready")


def free_port():
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
