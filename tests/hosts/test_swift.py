"""hosts/swift: what can be told without a compiler, and with one its own tests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import onnxruntime
import pytest

HOSTS = Path(__file__).resolve().parents[2] / "hosts"
PACKAGE = HOSTS / "swift"
LIBRARY = next(Path(onnxruntime.__file__).parent.glob("capi/libonnxruntime.so.*"))
INCLUDE = Path(os.environ.get("ORT_INCLUDE", "/usr/include/onnxruntime"))


def test_the_package_is_over_the_host_in_c():
    linked = PACKAGE / "Sources" / "CEdgetext" / "c"
    assert linked.resolve() == HOSTS / "c"
    (excluded,) = re.findall(r"exclude: \[(.*?)\]", (PACKAGE / "Package.swift").read_text("utf-8"))
    for name in re.findall(r'"c/(.*?)"', excluded):
        assert (linked / name).exists()


def test_every_function_of_the_host_in_c_can_be_called_from_swift():
    header = (HOSTS / "c" / "edgetext.h").read_text("utf-8")
    functions = set(re.findall(r"^(?!typedef).*\b(edgetext_\w+)\(", header, re.MULTILINE))
    assert len(functions) > 10
    swift = "".join(
        file.read_text("utf-8") for file in (PACKAGE / "Sources" / "EdgeText").glob("*.swift")
    )
    used = set(re.findall(r"\b(edgetext_\w+)\(", swift))
    # The very bytes, and the golden examples as JSON, are for those who write a host.
    assert functions - used <= {"edgetext_run", "edgetext_golden"}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("swift") is None, reason="no Swift: see hosts/README.md")
@pytest.mark.skipif(
    not (INCLUDE / "onnxruntime_c_api.h").exists(),
    reason="no onnxruntime_c_api.h: set ORT_INCLUDE, or install libonnxruntime-dev",
)
def test_its_own_tests_pass(tmp_path):
    environment = {"ORT_LIBRARY": str(LIBRARY), "ORT_INCLUDE": str(INCLUDE)}
    environment["SCRATCH"] = str(tmp_path)
    done = subprocess.run(
        ["sh", PACKAGE / "test.sh"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and "with 0 failures" in done.stdout, done.stdout + done.stderr
