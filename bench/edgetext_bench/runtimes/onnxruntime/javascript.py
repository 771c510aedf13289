"""Hosts in JavaScript: ONNX Runtime in Node and, headless, in Chromium.

They run android_demo/web/answer.mjs and answer.py, whose wire format the workers here share.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from edgetext_bench.hosts.host import ROOT, Ask, Host, in_process
from edgetext_bench.runtimes.runtime import suffixes_of

NAME = "onnxruntime"
RELEASE = "1.30.0"
WEB = ROOT / "android_demo" / "web"
# By its entry of onnxruntime-web.
ENTRIES = {"wasm": "onnxruntime-web", "webgpu": "onnxruntime-web/webgpu"}
# The build for WebGPU has no operator of ai.onnx.ml, on its processor kernels neither.
LACKS: dict[str, dict[str, str]] = {
    "wasm": {},
    "webgpu": {
        "No Op registered for LabelEncoder": "this entry lacks the operators of ai.onnx.ml, which "
        "find a word's pieces in the file; import onnxruntime-web/wasm instead"
    },
}
# Longer than answer.py's own, so that its sentence is the one that is read.
PATIENCE = 90.0


def javascript_hosts(folder: Path) -> list[Host]:
    """Give Node, and each entry for a browser.

    folder: with the folders NAME-RELEASE of npm packages.
    """
    return [_node(folder), *(_browser(folder, entry) for entry in ENTRIES)]


def _node(folder: Path) -> Host:
    name = f"onnxruntime-node=={RELEASE}"
    modules, missing = _modules(folder, "onnxruntime-node", "node")
    command = ["node", str(WEB / "answer.mjs")]
    way = in_process(command, {"NODE_PATH": str(modules)})
    return Host(name, suffixes_of(NAME), {"": way}, missing)


def _browser(folder: Path, entry: str) -> Host:
    name = f"{ENTRIES[entry]}=={RELEASE}"
    modules, missing = _modules(folder, "onnxruntime-web", "chromium")
    command = [sys.executable, str(WEB / "answer.py"), "--entry", entry]
    command += ["--packages", str(modules)]
    ways: dict[str, Ask] = {"": in_process(command, patience=PATIENCE)}
    return Host(name, suffixes_of(NAME), ways, missing, lacks=LACKS[entry])


def _modules(folder: Path, package: str, program: str) -> tuple[Path, str]:
    """Where npm put a package, and what is missing to run it, in words."""
    installed = folder / f"{package}-{RELEASE}"
    modules = installed.resolve() / "node_modules"
    if not (WEB / "answer.mjs").exists():
        return modules, "only in a checkout: android_demo/web runs it"
    if shutil.which(program) is None:
        return modules, f"{program} is not installed: apt-get install {program}"
    if not (modules / package).is_dir():
        how = f"npm install --ignore-scripts --prefix {installed} {package}@{RELEASE}"
        return modules, f"not installed: {how}"
    return modules, ""
