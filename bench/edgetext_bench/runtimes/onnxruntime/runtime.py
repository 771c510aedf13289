"""ONNX Runtime as the benchmark asks it."""

from __future__ import annotations

from pathlib import Path

from edgetext_bench.runtimes.onnxruntime.javascript import NAME, javascript_hosts
from edgetext_bench.runtimes.runtime import Runtime

RUNTIME = Runtime(
    NAME,
    # The last of each minor release. The Makefile installs these.
    releases=(
        "1.24.1", "1.24.4", "1.25.1", "1.26.0", "1.27.0", "1.28.0", "1.29.0", "1.30.0", "1.31.1",
        "1.32.0",
    ),
    worker=Path(__file__).resolve().with_name("worker.py"),
    # As the documentation tells a host to make its session, and as one is made without options.
    levels=("none", "default"),
    in_app=True,
    others=javascript_hosts,
)  # fmt: skip
