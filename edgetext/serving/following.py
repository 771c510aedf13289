"""Models of a repository that are served by a stage: when it points at another version, so does
the server.

Each process looks by itself, in a thread. There a version is fetched into the user's cache, held to
its manifest and to a trusted key's signature, loaded, and asked its golden examples; a version that
fails in any of these is refused, and the one before goes on. What passes takes the name on the
event loop, between two requests. The version before answers what it was asked: whoever asks one
holds it, and with the last of them it goes.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edgetext.core.errors import EdgetextError
from edgetext.predictor import load
from edgetext.publishing.fetching import cached
from edgetext.publishing.publish import check_examples
from edgetext.publishing.reference import Reference, short
from edgetext.publishing.repository import open_repository
from edgetext.publishing.signing import TrustedKey, trusted_key
from edgetext.serving.notes import note
from edgetext.serving.served import Served, as_served
from edgetext.serving.settings import Settings

if TYPE_CHECKING:
    from edgetext.serving.app import Application

# Seconds after which a version that was refused is looked at again: it may have been mended, or
# signed.
AGAIN = 60.0
# Seconds that the thread has to end with the server.
LAST = 2.0
# Each answer lets go of the interpreter while it is computed, and has it back this many seconds
# after the thread has taken it; Python's own 5 ms would be more than ten answers.
SWITCH = 0.0005
# How much the thread stands back behind the one that answers, by setpriority.
NICE = 10


@dataclass(slots=True)
class Refusal:
    """What is not served. version: "" where none could be told; until: of time.monotonic."""

    version: str
    until: float


class Follower:
    """One reference of a server, and the version of it that is loaded.

    name: the model's in addresses. version: the SHA-256 of the file, "" before the first.
    """

    def __init__(
        self, reference: Reference, name: str, settings: Settings, trusted: Sequence[TrustedKey]
    ) -> None:
        self.reference = reference
        self.name = name
        self.version = ""
        self.refusal: Refusal | None = None
        self._settings = settings
        self._trusted = trusted
        self._repository = open_repository(reference.repository)

    def load(self) -> Served:
        """Give the version that the reference names now; EdgetextError where it cannot be
        served."""
        manifest = self._repository.resolve(self.reference)
        return self._load(manifest.version)

    def newer(self) -> Served | None:
        """Give the version that the reference names by now; None where it is the one that is
        loaded, or was refused a short time ago. EdgetextError where it cannot be served, which is
        said once."""
        version = ""
        try:
            version = self._repository.current(self.reference.name, self.reference.ref)
            if version in ("", self.version) or self._is_refused(version):
                self._clear(version)
                return None
            served = self._load(version)
        except Exception as error:
            # A file may make a runtime raise anything, and the server must go on.
            sentence = str(error) if isinstance(error, EdgetextError) else repr(error)
            if self._refuse(version):
                raise EdgetextError(sentence) from error
            return None
        self.refusal = None
        return served

    def _load(self, version: str) -> Served:
        manifest = self._repository.manifest(self.reference.name, version)
        if manifest is None:
            raise EdgetextError(
                f"{self.reference}: the version {short(version)} is not there, or was not "
                "published to the end; publish it again"
            )
        path = cached(self._repository, manifest, self._trusted)
        predictor = load(path, threads=self._settings.threads)
        check_examples(predictor)
        served = as_served(predictor, self.name, self._settings, short(version))
        self.version = version
        return served

    def _is_refused(self, version: str) -> bool:
        refusal = self.refusal
        return (
            refusal is not None
            and refusal.version == version
            and (time.monotonic() < refusal.until)
        )

    def _clear(self, version: str) -> None:
        """Forget a refusal that is over: the repository is reached again, or the stage is back."""
        if self.refusal is not None and self.refusal.version != version:
            self.refusal = None

    def _refuse(self, version: str) -> bool:
        """Remember a refusal; tell whether it is one of another version than before."""
        before = self.refusal
        self.refusal = Refusal(version, time.monotonic() + AGAIN)
        return before is None or before.version != version


def followers(settings: Settings) -> list[Follower]:
    """Open what a server follows; EdgetextError where a key or a repository cannot be read."""
    keys = [trusted_key(path) for path in settings.trusted_keys]
    return [
        Follower(reference, name or reference.name, settings, keys)
        for reference, name in settings.published
    ]


class Following:
    """The thread of a process in which stages are looked at, every `poll` seconds."""

    def __init__(self, app: Application, each: Sequence[Follower], poll: float) -> None:
        # A version never becomes another one.
        self._followers = [x for x in each if not x.reference.is_version]
        self._app = app
        self._poll = poll
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="following", daemon=True)

    def start(self) -> None:
        """Begin, on the event loop that serves."""
        self._loop = asyncio.get_running_loop()
        if self._followers:
            sys.setswitchinterval(SWITCH)
            self._thread.start()

    def stop(self) -> None:
        """End; a version that is being loaded is not waited for very long."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(LAST)

    def _run(self) -> None:
        if sys.platform == "linux":
            # Elsewhere a priority is that of all threads.
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        while not self._ended.wait(self._poll):
            for follower in self._followers:
                self._look(follower)

    def _look(self, follower: Follower) -> None:
        try:
            served = follower.newer()
        except EdgetextError as error:
            note(f"edgetext: {follower.name}: {error}; the version before goes on")
            self._tell(follower.name, None)
            return
        if served is not None:
            self._tell(follower.name, served)

    def _tell(self, name: str, served: Served | None) -> None:
        if not self._ended.is_set():
            self._loop.call_soon_threadsafe(self._replace, name, served)

    def _replace(self, name: str, served: Served | None) -> None:
        """Let a version serve; None: count one that was refused."""
        if served is None:
            self._app.measures.refused.labels(name).inc()
            return
        before = self._app.replace(served)
        before.waiting.close()
        self._app.measures.swapped.labels(name).inc()
        note(f"edgetext: {name}: {before.version} -> {served.version}")
