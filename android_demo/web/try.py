"""Open the web twin in headless Chromium at a phone's width and report what it did.

    try.py FOLDER [MODEL] [--screenshot FILE]

FOLDER is served over localhost. Prints one JSON object; exit status 1 when a golden example was
answered otherwise, the page is wider than the screen, or it does not say that a text has no words
or was cut.
"""

from __future__ import annotations

import argparse
import functools
import html
import json
import queue
import sys
from pathlib import Path
from typing import Any

import chromium

WIDTH, HEIGHT = 360, 740
PATIENCE_SECONDS = 60


class Handler(chromium.Handler):
    """Serves the page, in a frame of a phone's width; its POST is the report."""

    def made(self) -> tuple[str, str] | None:
        # A desktop window cannot be as narrow as a phone, a frame in it can.
        frame, _, query = self.path.partition("?")
        if frame != "/frame":
            return None
        source = html.escape(f"index.html?{query}")
        return "text/html", (
            f'<!doctype html><body style="margin:0;overflow:hidden"><iframe src="{source}" '
            f'style="border:0" width="{WIDTH}" height="{HEIGHT}"></iframe>'
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("model", nargs="?", default="model.onnx")
    parser.add_argument("--screenshot", type=Path)
    arguments = parser.parse_args()
    said: chromium.Said = queue.Queue()
    handler = functools.partial(Handler, said=said, directory=str(arguments.folder))
    options = [f"--window-size={WIDTH},{HEIGHT}", "--disable-gpu"]
    if arguments.screenshot:
        options += [f"--screenshot={arguments.screenshot.resolve()}", "--virtual-time-budget=20000"]
    with chromium.served(handler) as address:
        page = f"{address}/frame?report&model={arguments.model}"
        with chromium.opened(page, *options) as browser:
            try:
                report = json.loads(said.get(timeout=PATIENCE_SECONDS)[1])
            except queue.Empty:
                sys.stderr.write("the page gave no report\n")
                return 1
            if arguments.screenshot:
                browser.wait(PATIENCE_SECONDS)
    wasm = arguments.folder / "ort" / "ort-wasm-simd-threaded.wasm"
    report["wasmBytes"] = wasm.stat().st_size
    sys.stdout.write(json.dumps(report) + "\n")
    fits = report["scrollWidth"] <= report["innerWidth"] == WIDTH
    return 0 if fits and not report["failed"] and told(report["edges"]) else 1


def told(edges: list[dict[str, Any]]) -> bool:
    """Tell whether the page says that a text has no words, and only of the last that it was cut."""
    empty, spaces, *_ = edges
    cut = [edge["truncated"] for edge in edges]
    return "no words" in empty["none"] and "no words" in spaces["none"] and cut.index(True) == 3


if __name__ == "__main__":
    sys.exit(main())
