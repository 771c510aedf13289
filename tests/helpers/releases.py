"""The releases of runtimes that tests ask, each in a folder of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from edgetext_bench.hosts.known import known_hosts
from edgetext_bench.runtimes.onnxruntime.runtime import RUNTIME

FOLDER = Path(os.environ.get("EDGETEXT_HOSTS") or Path(sys.prefix, "hosts"))
# The newest that npm has is the release of a host in JavaScript.
OLDEST, NPMS, NEWEST = RUNTIME.releases[0], "1.30.0", RUNTIME.releases[-1]


def host_of(release, runtime="onnxruntime"):
    """The release as a host. Where it is not installed the test is skipped, and in CI fails."""
    (host,) = known_hosts(FOLDER, [f"{runtime}=={release}"])
    if host.missing:
        end = pytest.fail if os.environ.get("CI") else pytest.skip
        end(f"{host.name}: {host.missing}")
    return host


def run_in(release, program, *arguments, **options):
    """Run a Python program that imports this release."""
    there = {**os.environ, "PYTHONPATH": str(FOLDER / f"onnxruntime-{release}")}
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, env=there, check=True, **options)
