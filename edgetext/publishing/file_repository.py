"""A repository of files, in a folder or an object store.

    NAME/versions/VERSION/UPLOAD/NAME.SUFFIX, NAME.md     the file and its card
    NAME/versions/VERSION/UPLOAD/manifest.json            written last: it makes the version exist
    NAME/versions/VERSION/signatures/KEY.sig              signatures, one a key
    NAME/stages/STAGE/NUMBER-ID.json                      events, see stages

VERSION is the SHA-256 of the file and UPLOAD random, so that no publisher writes where another one
does: two that publish one content at once leave two copies of one version. A publisher that is
killed before the manifest leaves an upload that no reader sees; what is older than a day goes when
the model is next published or pruned, which asks that no publisher takes a day. Whoever takes files
away takes the uploads that it has seen, and never one that another publisher begins meanwhile.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial

from edgetext.core.errors import EdgetextError
from edgetext.publishing.manifest import Manifest, read_manifest
from edgetext.publishing.reference import NAME, STAGE, VERSION
from edgetext.publishing.repository import Repository
from edgetext.publishing.stages import Event, Journal, is_key, order, read_event
from edgetext.publishing.store import open_store

MANIFEST, SIGNATURES = "manifest.json", "signatures"
DIGITS = 64
# Seconds after which what is not finished is nobody's work any more.
ABANDONED = 86400.0


class FileRepository(Repository):
    """See Repository."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/") or address
        self.store = open_store(address)
        # Events never change, so each is read once.
        self._events: dict[str, Event] = {}

    def names(self) -> list[str]:
        names = filter(NAME.fullmatch, self.store.names(""))
        return [x for x in names if any(self._finished(x, v) for v in self._versions(x))]

    def _versions(self, name: str) -> list[str]:
        """Give the versions of which there is anything."""
        names = self.store.names(f"{name}/versions")
        return [x for x in names if VERSION.fullmatch(x) and len(x) == DIGITS]

    def _uploads(self, name: str, version: str) -> list[str]:
        """Give the keys of a version's uploads, finished or not."""
        folder = _folder(name, version)
        return [f"{folder}/{x}" for x in self.store.names(folder) if x != SIGNATURES]

    def _finished(self, name: str, version: str) -> list[str]:
        """Give the keys of the uploads that have a manifest."""
        uploads = self._uploads(name, version)
        return [x for x in uploads if self.store.size(f"{x}/{MANIFEST}") is not None]

    def readers(self, name: str) -> dict[str, Callable[[], Manifest | None]]:
        return {version: partial(self.manifest, name, version) for version in self._versions(name)}

    def manifest(self, name: str, version: str) -> Manifest | None:
        for upload in self._uploads(name, version):
            content = self.store.read(f"{upload}/{MANIFEST}")
            if content is not None:
                return read_manifest(content, name, version, self._where(f"{upload}/{MANIFEST}"))
        return None

    def add(self, manifest: Manifest, content: bytes, card: bytes | None) -> None:
        upload = f"{_folder(manifest.name, manifest.version)}/{secrets.token_hex(8)}"
        self.store.write(f"{upload}/{manifest.file}", content)
        if card is not None:
            self.store.write(f"{upload}/{manifest.card}", card)
        self.store.write(f"{upload}/{MANIFEST}", manifest.to_json())

    def remove(self, manifest: Manifest) -> None:
        name, version = manifest.name, manifest.version
        uploads = self._finished(name, version)
        for upload in uploads:
            self.store.delete(f"{upload}/{MANIFEST}")
        if any(self.current(name, stage) == version for stage in self.stages(name)):
            # It was staged at this moment; whoever did so looks after this: see Repository.
            for upload in uploads:
                self.store.write(f"{upload}/{MANIFEST}", manifest.to_json())
            return
        for upload in uploads:
            self.store.delete_folder(upload)
        if not self._uploads(name, version):
            self.store.delete_folder(f"{_folder(name, version)}/{SIGNATURES}")

    def content(self, manifest: Manifest) -> bytes:
        content = self._part(manifest, manifest.file)
        if content is None:
            raise EdgetextError(
                f"{self._where(_folder(manifest.name, manifest.version))}: {manifest.file} is not "
                "there; take the version's folder away and publish the file again"
            )
        return content

    def card(self, manifest: Manifest) -> bytes | None:
        return self._part(manifest, manifest.card) if manifest.card else None

    def _part(self, manifest: Manifest, file: str) -> bytes | None:
        """Give a content of the first finished upload that has it."""
        uploads = self._finished(manifest.name, manifest.version)
        contents = (self.store.read(f"{upload}/{file}") for upload in uploads)
        return next((content for content in contents if content is not None), None)

    def signatures(self, name: str, version: str) -> dict[str, bytes]:
        folder = f"{_folder(name, version)}/{SIGNATURES}"
        files = self.store.names(folder)
        contents = {x.removesuffix(".sig"): self.store.read(f"{folder}/{x}") for x in files}
        return {key_id: content for key_id, content in contents.items() if content is not None}

    def add_signature(self, name: str, version: str, key_id: str, signature: bytes) -> None:
        self.store.write(f"{_folder(name, version)}/{SIGNATURES}/{key_id}.sig", signature)

    def stages(self, name: str) -> list[str]:
        names = filter(STAGE.fullmatch, self.store.names(f"{name}/stages"))
        return [stage for stage in names if self._keys(name, stage)]

    def _keys(self, name: str, stage: str) -> list[str]:
        """Give the keys of a stage's events, in their order."""
        names = [x.removesuffix(".json") for x in self.store.names(f"{name}/stages/{stage}")]
        return sorted(filter(is_key, names), key=order)

    def journal(self, name: str, stage: str) -> Journal:
        events = {key: self._event(name, stage, key) for key in self._keys(name, stage)}
        return {key: event for key, event in events.items() if event is not None}

    def current(self, name: str, stage: str) -> str:
        # Of the last event alone: a server asks this every other second.
        for key in reversed(self._keys(name, stage)):
            event = self._event(name, stage, key)
            if event is not None:
                return event.version
        return ""

    def _event(self, name: str, stage: str, key: str) -> Event | None:
        """Give an event; None where it was withdrawn since it was listed."""
        place = f"{name}/stages/{stage}/{key}.json"
        if place not in self._events:
            content = self.store.read(place)
            if content is None:
                return None
            self._events[place] = read_event(content, self._where(place))
        return self._events[place]

    def append(self, name: str, stage: str, key: str, event: Event) -> None:
        self.store.write(f"{name}/stages/{stage}/{key}.json", event.to_json().encode())

    def withdraw(self, name: str, stage: str, key: str) -> None:
        self.store.delete(f"{name}/stages/{stage}/{key}.json")

    def tidy(self, name: str) -> None:
        for version in self._versions(name):
            finished = self._finished(name, version)
            for upload in self._uploads(name, version):
                if upload not in finished and self._age(upload) > ABANDONED:
                    self.store.delete_folder(upload)

    def _age(self, upload: str) -> float:
        """Give the seconds since anything was written in an upload."""
        keys = [f"{upload}/{file}" for file in self.store.names(upload)]
        return min(self.store.age(key) for key in [*keys, *([] if keys else [upload])])

    def _where(self, key: str) -> str:
        return f"{self.address}/{key}"


def _folder(name: str, version: str) -> str:
    return f"{name}/versions/{version}"
