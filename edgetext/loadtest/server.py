"""`edgetext serve` as a process that is measured."""

from __future__ import annotations

import re
import signal
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from edgetext.core.errors import EdgetextError
from edgetext.loadtest import children
from edgetext.loadtest.usage import Usage, usage

# Seconds that a server has to load its models, and between looks at it.
START_LIMIT, LOOK = 180.0, 0.02
ADDRESS = re.compile(r"http://\S+:(\d+)")
# The state of a socket in /proc/net/tcp that takes connections.
LISTEN = "0A"


class Server:
    """A server on a free port of the loopback, with as many processes as it was told, all of them
    loaded; it ends with the block, or with this process.

    arguments: of `edgetext serve`. cores: those that it may use, all where none are given. url:
    where it is. EdgetextError with its own words where it does not come up.
    """

    def __init__(
        self, arguments: Sequence[str], processes: int = 1, cores: Sequence[int] = ()
    ) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (closed in `close`)
        self._process = children.start(
            "edgetext",
            ["serve", *arguments, "--workers", str(processes), "--port", "0", "--no-log"],
            cores=cores,
            # So that the process which minds the others ends them, too.
            ends_by=signal.SIGTERM,
            stderr=self._said,
        )
        try:
            self.url = self._ready(processes)
        except BaseException:
            self.close()
            raise

    def usage(self) -> Usage:
        """Measure what it has taken so far."""
        return usage(self._process.pid)

    def close(self) -> None:
        """End it and all of its processes."""
        children.end(self._process)
        self._said.close()

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ready(self, processes: int) -> str:
        """Wait until all processes listen, and give the address."""
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            said = self._words()
            if self._process.poll() is not None:
                lines = said.strip().splitlines() or ["it said nothing"]
                reason = lines[-1].removeprefix("edgetext: error: ")
                raise EdgetextError(f"the server did not start: {reason}")
            match = ADDRESS.search(said)
            if match and listeners(int(match[1])) >= processes:
                return match[0]
            time.sleep(LOOK)
        raise EdgetextError(f"the server did not start within {START_LIMIT:.0f} seconds")

    def _words(self) -> str:
        self._said.seek(0)
        return self._said.read().decode("utf-8", "replace")


def listeners(port: int, table: Path = Path("/proc/net/tcp")) -> int:
    """Count the sockets that take connections at a port of IPv4."""
    rows = (line.split() for line in table.read_text("ascii").splitlines()[1:])
    return sum(row[1].endswith(f":{port:04X}") and row[3] == LISTEN for row in rows)
