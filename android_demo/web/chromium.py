"""Open pages that this machine serves in a headless Chromium."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CHROMIUM = [
    "chromium",
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


Said = queue.Queue[tuple[str, str]]


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder; what its page POSTs goes into the queue, as path and body."""

    def __init__(self, *arguments: Any, said: Said, **options: Any) -> None:
        # The base class answers the request within its constructor.
        self.said = said
        super().__init__(*arguments, **options)

    def made(self) -> tuple[str, str] | None:
        """Give media type and text where the request is for no file."""
        return None

    def do_GET(self) -> None:
        made = self.made()
        if made is None:
            super().do_GET()
            return
        kind, text = made
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.said.put((self.path, body.decode()))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


# A browser runs a module only when it comes as a script.
Handler.extensions_map = {**Handler.extensions_map, ".mjs": "text/javascript"}


@contextlib.contextmanager
def served(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    """Yield the address at which the handler answers, as long as the context is open."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def opened(address: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """Open a Chromium with that page and a profile of its own, and end it with the context."""
    # Its helpers may still write into the profile when it has ended.
    with tempfile.TemporaryDirectory(prefix="edgetext-web-", ignore_cleanup_errors=True) as profile:
        command = [*CHROMIUM, f"--user-data-dir={profile}", *options, address]
        browser = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            yield browser
        finally:
            browser.terminate()
            browser.wait()
