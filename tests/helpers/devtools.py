"""A headless Chromium that a test speaks to: pages are opened, asked and looked at.

Chromium reads commands of its DevTools protocol from file descriptor 3 and answers on 4, each a
JSON text that ends in a zero byte.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from chromium import CHROMIUM, Handler
from chromium import served as chromium_served

needs_chromium = pytest.mark.skipif(shutil.which("chromium") is None, reason="install chromium")
OPTIONS = [*CHROMIUM, "--disable-gpu", "--remote-debugging-pipe"]
# So long a browser may run.
PATIENCE_SECONDS = 300


class Page:
    """A page of a browser; its width and height are those of a phone."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser, self._session = browser, session
        for domain in ("Page", "Runtime"):
            self.call(f"{domain}.enable")
        size = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
        self.call("Emulation.setDeviceMetricsOverride", **size)

    def call(self, method: str, **parameters: Any) -> Any:
        return self._browser.call(method, parameters, self._session)

    def open(self, address: str) -> None:
        """Go to an address and wait until it is loaded; AssertionError where it is not."""
        outcome = self.call("Page.navigate", url=address)
        assert "errorText" not in outcome, outcome
        self.until("document.readyState === 'complete'")

    def evaluate(self, script: str) -> Any:
        """Give the value of an expression, of a promise that which it comes to."""
        outcome = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in outcome, outcome["exceptionDetails"]
        return outcome["result"].get("value")

    def until(self, condition: str) -> None:
        """Wait until an expression is true."""
        poll = f"const poll = () => ({condition}) ? resolve(true) : setTimeout(poll, 20); poll();"
        assert self.evaluate(f"new Promise((resolve) => {{ {poll} }})")

    def screenshot(self, path: Path) -> None:
        data = self.call("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))


class Browser:
    """What is behind the two pipes."""

    def __init__(self, write: int, read: int) -> None:
        self._write, self._read = write, os.fdopen(read, "rb", buffering=0)
        self._held = b""
        self._last = 0

    def call(self, method: str, parameters: dict[str, Any], session: str | None = None) -> Any:
        self._last += 1
        message = {"id": self._last, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._last:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]

    def page(self) -> Page:
        target = self.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        attached = self.call("Target.attachToTarget", {"targetId": target, "flatten": True})
        return Page(self, attached["sessionId"])

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._held:
            more = self._read.read(1 << 16)
            assert more, "Chromium ended, or took too long"
            self._held += more
        text, self._held = self._held.split(b"\0", 1)
        answer: dict[str, Any] = json.loads(text)
        return answer


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """Yield a Chromium with a profile of its own; it ends with the context, or after a while."""
    their_read, our_write = os.pipe()
    our_read, their_write = os.pipe()
    # The shell gives the pipes the numbers that Chromium looks for.
    script = f'exec "$@" 3<&{their_read} 4>&{their_write}'
    with tempfile.TemporaryDirectory(prefix="edgetext-", ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            ["bash", "-c", script, "bash", *OPTIONS, f"--user-data-dir={profile}"],
            pass_fds=(their_read, their_write),
            stderr=subprocess.DEVNULL,
        )
        os.close(their_read)
        os.close(their_write)
        watch = threading.Timer(PATIENCE_SECONDS, process.kill)
        watch.start()
        try:
            yield Browser(our_write, our_read)
        finally:
            watch.cancel()
            process.terminate()
            process.wait()
            os.close(our_write)


def served(folder: Path) -> AbstractContextManager[str]:
    """Give a context with the address of a folder; nobody answers there after it."""
    return chromium_served(functools.partial(Handler, said=queue.Queue(), directory=str(folder)))
