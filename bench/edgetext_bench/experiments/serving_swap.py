"""Versions that are swapped under load: the scenario `swap` of `serving_load`."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import httpx2

from edgetext.publishing.publish import candidate, publish
from edgetext.publishing.repository import Repository, open_repository

NAME, STAGE = "swapped", "production"
# Seconds between looks at the stage, and those that the last version may take to serve.
POLL, PATIENCE = 0.1, 30.0
SWAPPED = re.compile(rf'^edgetext_swaps_total{{model="{NAME}"}} (\S+)$', re.MULTILINE)


@dataclass(slots=True)
class Swaps:
    """Lets the stage point at the other version each `every` seconds of a load, `most` times."""

    repository: Repository
    versions: Sequence[str]
    every: float
    most: int
    staged: int = 0

    def __call__(self, past: float) -> None:
        if self.staged < self.most and past >= (self.staged + 0.5) * self.every:
            self.staged += 1
            version = self.versions[self.staged % len(self.versions)]
            self.repository.stage(NAME, STAGE, version)

    def served(self, url: str) -> int:
        """Give how many of the versions that were staged came to serve, once all have."""
        count, end = 0, time.monotonic() + PATIENCE
        while count < self.staged and time.monotonic() < end:
            time.sleep(POLL)
            match = SWAPPED.search(httpx2.get(f"{url}/metrics").text)
            count = 0 if match is None else int(float(match[1]))
        return count


@contextmanager
def swapped(files: Sequence[Path], every: float, most: int) -> Iterator[tuple[list[str], Swaps]]:
    """Publish two files as versions of one model in a repository of a temporary folder; give the
    arguments of a server that follows its stage, and what swaps them."""
    before = os.environ.get("XDG_CACHE_HOME")
    with tempfile.TemporaryDirectory() as folder:
        # Versions are fetched into the user's cache, where these have no place.
        os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
        address = f"{folder}/models"
        repository = open_repository(address)
        given = [candidate(file, NAME) for file in files]
        versions = [one.manifest.version for one in given]
        if len(set(versions)) < len(versions):
            raise click.ClickException(f"{files[1]}: it is {files[0]}; give another file")
        for one in reversed(given):
            publish(repository, one, STAGE)
        try:
            arguments = [f"{address}#{NAME}@{STAGE}", "--poll", str(POLL)]
            yield arguments, Swaps(repository, versions, every, most)
        finally:
            os.environ.pop("XDG_CACHE_HOME")
            if before is not None:
                os.environ["XDG_CACHE_HOME"] = before
