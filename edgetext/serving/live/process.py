"""The process that judges, as the one that starts a server sees it."""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.serving.live.fixing import fixed
from edgetext.serving.live.judge import judge
from edgetext.serving.live.settings import LiveSettings
from edgetext.serving.notes import note
from edgetext.serving.settings import Settings

# Seconds between looks at the process, that a new one waits which replaces another, and that it
# has to store what it knows at the end.
LOOK, PAUSE, GRACE = 0.5, 2.0, 20.0


@contextmanager
def judged(settings: Settings) -> Iterator[Settings]:
    """Judge while the block runs, and give the settings with which workers are watched; where
    nothing is to be judged, the settings as they are. EdgetextError where nothing can be judged.

    A process that ends by itself is replaced; what it knew is in the state, where there is one.
    """
    if settings.live is None:
        yield settings
        return
    live = fixed(settings, settings.live)
    folder = tempfile.mkdtemp(prefix="edgetext-live-")
    live = replace(live, run=Path(folder))
    settings = replace(settings, live=live)
    ended = threading.Event()
    minder = None
    process = None
    try:
        process = _started(settings, live)
        minder = _Minder(process, settings, live, ended)
        minder.start()
        yield settings
    finally:
        ended.set()
        if minder is not None:
            minder.join()
            process = minder.process
        if process is not None:
            process.terminate()
            process.join(GRACE)
            if process.is_alive():
                process.kill()
                process.join()
        shutil.rmtree(folder, ignore_errors=True)


class _Minder(threading.Thread):
    """Replaces a process that has ended."""

    def __init__(
        self, process: BaseProcess, settings: Settings, live: LiveSettings, ended: threading.Event
    ) -> None:
        super().__init__(name="edgetext-live", daemon=True)
        self.process = process
        self._settings = settings
        self._live = live
        self._ended = ended

    def run(self) -> None:
        while not self._ended.wait(LOOK):
            if self.process.is_alive():
                continue
            note(
                f"edgetext: the process that judges ended with status {self.process.exitcode}; "
                "another one starts"
            )
            if self._ended.wait(PAUSE):
                return
            try:
                self.process = _started(self._settings, self._live)
            except EdgetextError as error:
                note(f"edgetext: nothing is judged any more: {error}")
                return


def _started(settings: Settings, live: LiveSettings) -> BaseProcess:
    """Start the process, and wait until workers may connect."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=judge, args=(settings, live, there), daemon=True)
    process.start()
    there.close()
    try:
        sentence = str(here.recv())
    except EOFError:
        process.join()
        raise EdgetextError(
            f"the process that judges ended with status {process.exitcode}; the lines above say why"
        ) from None
    finally:
        here.close()
    if sentence:
        process.join()
        raise EdgetextError(sentence)
    return process
