"""A publisher that is killed at each of its steps, one after the other.

    python killed_publisher.py KIND FOLDER

KIND: folder, or objects, a store of fsspec's that writes whole objects. Each attempt forks a
process that publishes, stages, rolls back and prunes, and kills itself (SIGKILL) at its Nth step:
before a file is opened to be written, renamed or taken away, a folder made, or an object put or
taken away. After each, the repository must read as one that was not disturbed, and the next
publisher must come to its end. Prints the number of steps.
"""

import itertools
import os
import shutil
import signal
import sys
import uuid
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem
from manifests import manifest_of

from edgetext.publishing.fetching import checked_content
from edgetext.publishing.pruning import prune
from edgetext.publishing.reference import Reference
from edgetext.publishing.repository import open_repository

OLD, NEW = b"old" * 1000, b"new" * 1000
FIRST = manifest_of(OLD, created="2026-01-01T00:00:00.000+00:00", card="trips.md")
SECOND = manifest_of(NEW, created="2026-01-02T00:00:00.000+00:00", card="trips.md")
MUTATING = ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link")
left = 0  # steps of the forked process until it is killed; 0 for never


def step():
    global left
    if left:
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)


def on_event(event, arguments):
    """An audit hook: called before each of the system's calls that changes a file."""
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_ACCMODE
    if writes or event in MUTATING:
        step()


class Objects(LocalFileSystem):
    """Objects that are whole or not there, as those of an object store."""

    protocol = "objects"
    cachable = False

    def pipe_file(self, path, value, **kwargs):
        step()
        path = Path(self._strip_protocol(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{uuid.uuid4().hex}")
        part.write_bytes(value)
        part.replace(path)

    def rm_file(self, path):
        step()
        super().rm_file(path)

    def rm(self, path, recursive=False, maxdepth=None):
        # Object stores take away one object after the other.
        for file in self.find(path):
            self.rm_file(file)
        shutil.rmtree(self._strip_protocol(path), ignore_errors=True)


def put(repository, manifest, content):
    if repository.manifest("trips", manifest.version) is None:
        repository.add(manifest, content, b"# card")
    repository.stage("trips", "production", manifest.version)


def work(repository):
    """What the process that is killed does."""
    put(repository, SECOND, NEW)
    repository.add_signature("trips", SECOND.version, "0a", b"{}")
    repository.rollback("trips", "production")
    repository.stage("trips", "production", SECOND.version)
    repository.stage("trips", "staging", SECOND.version)
    third = manifest_of(b"third", created="2026-01-03T00:00:00.000+00:00")
    repository.add(third, b"third", None)
    for stage in ("production", "staging"):
        repository.stage("trips", stage, third.version)
    prune(repository, "trips", 1)


def check(address):
    """What holds wherever the process was killed."""
    repository = open_repository(address)
    assert repository.names() == ["trips"]
    manifests = repository.manifests("trips")
    for manifest in manifests:
        checked_content(repository, manifest)
    for stage in repository.stages("trips"):
        repository.resolve(Reference(address, "trips", stage))
    before = list(repository.journal("trips", "production").values())
    assert before[0].version == FIRST.version
    # The next one is not kept out, and all is as if nobody had been killed.
    put(repository, SECOND, NEW)
    assert checked_content(repository, repository.manifest("trips", SECOND.version)) == NEW
    assert repository.card(SECOND) == b"# card"
    assert repository.current("trips", "production") == SECOND.version
    after = list(repository.journal("trips", "production").values())
    assert after[: len(before)] == before


def main(kind, folder):
    global left
    if kind == "objects":
        fsspec.register_implementation("objects", Objects)
    else:
        sys.addaudithook(on_event)
    for number in itertools.count(1):
        place = Path(folder, str(number))
        address = f"objects://{place}" if kind == "objects" else str(place)
        put(open_repository(address), FIRST, OLD)
        child = os.fork()
        if not child:
            left = number
            work(open_repository(address))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status)
        assert killed or os.WEXITSTATUS(status) == 0
        check(address)
        if not killed:
            sys.stdout.write(f"{number - 1}\n")
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
