"""Open the web twin in headless Chromium at a phone's width and report what it did.

    try.py FOLDER [MODEL] [--screenshot FILE]

FOLDER is served over localhost. Prints one JSON object; exit status 1 when a golden example was
answered otherwise or the page is wider than the screen.
"""

from __future__ import annotations

import argparse
import functools
import html
import json
import queue
import subprocess
import sys
import tempfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 360, 740
PATIENCE_SECONDS = 60
CHROMIUM = [
    "chromium",
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Handler(SimpleHTTPRequestHandler):
    """Serves the page, in a frame of a phone's width; its POST is the report."""

    reports: queue.Queue[dict[str, Any]] = queue.Queue()

    def do_GET(self) -> None:
        """A desktop window cannot be as narrow as a phone, a frame in it can."""
        frame, _, query = self.path.partition("?")
        if frame != "/frame":
            super().do_GET()
            return
        source = html.escape(f"index.html?{query}")
        body = (
            f'<!doctype html><body style="margin:0;overflow:hidden"><iframe src="{source}" '
            f'style="border:0" width="{WIDTH}" height="{HEIGHT}"></iframe>'
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()
        self.reports.put(json.loads(body))

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


Handler.extensions_map = {**Handler.extensions_map, ".mjs": "text/javascript"}


def open_page(address: str, *options: str) -> subprocess.Popen[bytes]:
    profile = tempfile.mkdtemp(prefix="edgetext-web-")
    command = [*CHROMIUM, f"--user-data-dir={profile}", f"--window-size={WIDTH},{HEIGHT}"]
    return subprocess.Popen([*command, *options, address], stderr=subprocess.DEVNULL)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("model", nargs="?", default="model.onnx")
    parser.add_argument("--screenshot", type=Path)
    arguments = parser.parse_args()
    handler = functools.partial(Handler, directory=str(arguments.folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    options = []
    if arguments.screenshot:
        options = [f"--screenshot={arguments.screenshot.resolve()}", "--virtual-time-budget=20000"]
    page = f"http://127.0.0.1:{server.server_port}/frame?report&model={arguments.model}"
    browser = open_page(page, *options)
    try:
        report = Handler.reports.get(timeout=PATIENCE_SECONDS)
        if arguments.screenshot:
            browser.wait(PATIENCE_SECONDS)
    except queue.Empty:
        sys.stderr.write("the page gave no report\n")
        return 1
    finally:
        browser.terminate()
        server.shutdown()
    wasm = arguments.folder / "ort" / "ort-wasm-simd-threaded.wasm"
    report["wasmBytes"] = wasm.stat().st_size
    sys.stdout.write(json.dumps(report) + "\n")
    fits = report["scrollWidth"] <= report["innerWidth"] == WIDTH
    return 0 if fits and not report["failed"] else 1


if __name__ == "__main__":
    sys.exit(main())
