"""What importing a model and writing its files takes, beside torch.onnx.export of its network.

python -m edgetext_bench.experiments.import_cost FOLDER CHECKPOINTS

A row a process: processor time, of the user and the system, and the most memory. FOLDER is imported
once more, and CHECKPOINTS, as NAME.pt and NAME-int8.pt of it, are exported together; the network
alone is that of the first.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

# The network from the ids of twelve pieces, as many as a text has; that of a file takes others.
ALONE = """
import sys, torch
from edgetext.model.model import Model
network = Model.load(sys.argv[1]).copied_network().eval()
length = torch.export.Dim("length", min=1)
with torch.no_grad():
    torch.onnx.export(
        network, (torch.arange(5, 17)[None],), sys.argv[2], dynamic_shapes=({1: length},),
        dynamo=True, verbose=False,
    )
"""
IN_KB = 1024


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        alone = ["-c", ALONE, str(given.checkpoints[0]), f"{place}/alone.onnx"]
        rows = {
            "torch.onnx.export of the network alone": alone,
            "import": ["-m", "edgetext", "import", str(given.folder), "-o", f"{place}/model.pt"],
            "export": ["-m", "edgetext", "export", *map(str, given.checkpoints), "-o", place],
        }
        for name, arguments in rows.items():
            seconds, memory = cost(arguments)
            sys.stdout.write(f"{name}: {seconds:.1f} s, {memory:,} MB\n")


def cost(arguments: Sequence[str]) -> tuple[float, int]:
    """Run Python with these arguments; return the seconds of its processors, with those of the
    processes that it starts, and the most memory in MB: no less than this process has, as which
    each begins."""
    running = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert running.stderr is not None
    said = running.stderr.read().decode("utf-8", "replace")
    _, status, usage = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        sys.exit(said)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss // IN_KB


if __name__ == "__main__":
    main()
