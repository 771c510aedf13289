"""Run a file in onnxruntime-web, in headless Chromium.

    answer.py MODEL.onnx --entry wasm|webgpu --packages NODE_MODULES < texts.json > answers.jsonl

Reads and writes what answer.mjs does. A text after which the page is gone, and all later ones, have
no line, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import functools
import queue
import shutil
import sys
from pathlib import Path
from typing import Any

import chromium

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parents[1] / "packages" / "js" / "src"
# A machine without a graphics card computes WebGPU's programs on its processor.
WEBGPU = [
    "--enable-unsafe-webgpu",
    "--use-webgpu-adapter=swiftshader",
    "--enable-features=Vulkan",
]


class Handler(chromium.Handler):
    """Serves the page, and beside it the runtime, the model and the texts."""

    def __init__(
        self, *arguments: Any, runtime: Path, model: Path, texts: str, **options: Any
    ) -> None:
        self.runtime, self.model, self.texts = runtime, model, texts
        super().__init__(*arguments, directory=str(HERE), **options)

    def translate_path(self, path: str) -> str:
        name = path.partition("?")[0]
        if name == "/model.onnx":
            return str(self.model)
        if name.startswith("/packages/"):
            return str(PACKAGE / Path(name).name)
        if name.startswith("/ort/"):
            return str(self.runtime / Path(name).name)
        return super().translate_path(path)

    def made(self) -> tuple[str, str] | None:
        return ("application/json", self.texts) if self.path == "/texts.json" else None


def copied(said: chromium.Said, patience: float) -> str | None:
    """Write the page's answers as they come; return a sentence when it is gone before the last."""
    while True:
        try:
            kind, text = said.get(timeout=patience)
        except queue.Empty:
            return f"the page said nothing for {patience:g} seconds"
        if kind == "/done":
            return None
        if kind == "/failed":
            return f"the page failed: {text}"
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--entry", choices=["wasm", "webgpu"], default="wasm")
    parser.add_argument(
        "--packages", type=Path, required=True, help="the node_modules with onnxruntime-web"
    )
    parser.add_argument(
        "--patience", type=float, default=60, help="seconds without an answer before giving up"
    )
    arguments = parser.parse_args()
    runtime = arguments.packages / "onnxruntime-web" / "dist"
    if not arguments.model.is_file():
        parser.error(f"{arguments.model}: no such file; run edgetext export")
    if not runtime.is_dir():
        parser.error(f"{arguments.packages}: no onnxruntime-web there; npm install it")
    if not shutil.which("chromium"):
        parser.error("no chromium on the PATH; install the package chromium")
    said: chromium.Said = queue.Queue()
    handler = functools.partial(
        Handler,
        said=said,
        runtime=runtime,
        model=arguments.model,
        texts=sys.stdin.read(),
    )
    options = WEBGPU if arguments.entry == "webgpu" else ["--disable-gpu"]
    with chromium.served(handler) as address:
        page = f"{address}/answer.html?entry={arguments.entry}&from=0"
        with chromium.opened(page, *options):
            problem = copied(said, arguments.patience)
    if problem:
        sys.stderr.write(problem + "\n")
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main())
