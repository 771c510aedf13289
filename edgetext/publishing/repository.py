"""A repository: models by name, versions by content, stages."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence

from edgetext.core.errors import EdgetextError
from edgetext.core.nearest import nearest
from edgetext.publishing.manifest import Manifest
from edgetext.publishing.reference import VERSION, Reference, check_stage, short
from edgetext.publishing.stages import (
    Action,
    Event,
    Journal,
    new_event,
    next_key,
    versions_in_turn,
)

# How an address of an MLflow registry begins.
MLFLOW = "mlflow:"


class Repository(ABC):
    """What every kind of repository does; EdgetextError where it cannot be reached.

    address: as a user gives it.
    """

    address: str

    @abstractmethod
    def names(self) -> list[str]:
        """Give the models that have a version, sorted."""

    @abstractmethod
    def readers(self, name: str) -> dict[str, Callable[[], Manifest | None]]:
        """Give what reads each version of a model, by version; None is one that was not
        published to the end, and EdgetextError is raised for a damaged manifest."""

    def manifests(self, name: str) -> list[Manifest]:
        """Give the versions of a model, the oldest first; EdgetextError for a damaged manifest."""
        return _oldest_first(read() for read in self.readers(name).values())

    def readable(self, name: str) -> tuple[list[Manifest], list[EdgetextError]]:
        """Give the versions of a model, the oldest first, and what is wrong with the others."""
        return _readable(self.readers(name).values())

    @abstractmethod
    def manifest(self, name: str, version: str) -> Manifest | None:
        """Give a version; None where there is none, or one that was not published to the end."""

    @abstractmethod
    def add(self, manifest: Manifest, content: bytes, card: bytes | None) -> None:
        """Put a version in; it is there when all of it is."""

    @abstractmethod
    def remove(self, manifest: Manifest) -> None:
        """Take a version away that no stage points at; see pruning.prune."""

    @abstractmethod
    def content(self, manifest: Manifest) -> bytes:
        """Give the file of a version as it lies there; fetching.checked_content checks it."""

    @abstractmethod
    def card(self, manifest: Manifest) -> bytes | None:
        """Give the model card of a version."""

    @abstractmethod
    def signatures(self, name: str, version: str) -> dict[str, bytes]:
        """Give the signatures of a version by the id of their key."""

    @abstractmethod
    def add_signature(self, name: str, version: str, key_id: str, signature: bytes) -> None:
        """Put a signature beside a version."""

    @abstractmethod
    def stages(self, name: str) -> list[str]:
        """Give the stages of a model, sorted."""

    @abstractmethod
    def journal(self, name: str, stage: str) -> Journal:
        """Give the events of a stage, in their order."""

    @abstractmethod
    def append(self, name: str, stage: str, key: str, event: Event) -> None:
        """Put an event into a stage's journal."""

    @abstractmethod
    def withdraw(self, name: str, stage: str, key: str) -> None:
        """Take one's own event away again."""

    def current(self, name: str, stage: str) -> str:
        """Give the version that a stage points at; "" for none."""
        events = list(self.journal(name, stage).values())
        return events[-1].version if events else ""

    def in_turn(self, name: str, stage: str) -> Sequence[str]:
        """Give the versions that a rollback goes back through, the one that it is at last."""
        return versions_in_turn(self.journal(name, stage).values())

    def tidy(self, name: str) -> None:
        """Take away what publishers left of a model that did not come to their end."""
        return

    def stage(self, name: str, stage: str, version: str) -> bool:
        """Let a stage point at a version that is there; False where it does already."""
        before = self.current(name, stage)
        if before == version:
            return False
        self._record(name, stage, "stage", version, before)
        return True

    def rollback(self, name: str, stage: str) -> tuple[str, str]:
        """Let a stage point at the version before; give that which it was at, and that.

        EdgetextError where there is none before it that is still there.
        """
        *earlier, before = self.in_turn(name, stage) or [""]
        version = next((x for x in reversed(earlier) if self.manifest(name, x)), "")
        if not version:
            raise EdgetextError(
                f"{self.address}#{name}@{stage}: no version before {short(before) or 'it'} is "
                "there to go back to; `edgetext models stage` points it at any version"
            )
        self._record(name, stage, "rollback", version, before)
        return before, version

    def _record(self, name: str, stage: str, action: Action, version: str, before: str) -> None:
        """Write an event, and look after it whether the version was pruned at that moment.

        Who prunes takes the manifest away and then looks at the stages: one of the two sees what
        the other did, whichever way their steps fall (pruning.prune).
        """
        key = next_key(self.journal(name, stage))
        self.append(name, stage, key, new_event(action, version, before))
        if self.manifest(name, version) is None:
            self.withdraw(name, stage, key)
            raise EdgetextError(
                f"{self.address}#{name}@{short(version)}: this version was pruned just now; "
                "publish it again"
            )

    def resolve(self, reference: Reference) -> Manifest:
        """Give the version that a reference names; EdgetextError, with those there are, where it
        names none. A model alone is its newest version."""
        name, ref = reference.name, reference.ref
        if ref and not VERSION.fullmatch(ref):
            ref = self.staged(reference)
            manifest = self.manifest(name, ref)
            if manifest is None:
                raise EdgetextError(
                    f"{reference}: the stage points at {short(ref)}, which is not there; publish "
                    "it again, or stage another version"
                )
            return manifest
        self.check_model(name)
        if not ref:
            return self.manifests(name)[-1]
        readers = self.readers(name)
        matches, failures = _readable(read for x, read in readers.items() if x.startswith(ref))
        if len(matches) + len(failures) > 1:
            raise EdgetextError(f"{reference}: several versions begin so; give more of its digits")
        for manifest in matches:
            return manifest
        for failure in failures:
            raise failure
        known = ", ".join(short(manifest.version) for manifest in self.readable(name)[0][-10:])
        raise EdgetextError(f"{reference}: there is no such version; the newest are {known}")

    def check_model(self, name: str | None) -> None:
        """Raise EdgetextError, with those there are, where there is no model of that name; of None,
        where there is none at all."""
        names = self.names()
        if not names:
            raise EdgetextError(
                f"{self.address}: there is no repository with a model in it; check the address, or "
                "publish one with `edgetext models publish`"
            )
        if name is not None and name not in names:
            raise EdgetextError(
                f"{self.address}: there is no model {name!r}; there are "
                f"{', '.join(names)}{nearest(name, names)}"
            )

    def staged(self, reference: Reference) -> str:
        """Give the version that a stage points at, which may be damaged; EdgetextError, with those
        there are, where there is no such stage."""
        self.check_model(reference.name)
        check_stage(reference.ref, str(reference))
        version = self.current(reference.name, reference.ref)
        if not version:
            stages = self.stages(reference.name)
            known = f"has the stages {', '.join(stages)}" if stages else "has no stage"
            raise EdgetextError(
                f"{reference}: there is no stage {reference.ref!r}; {reference.name} {known}"
                f"{nearest(reference.ref, stages)}"
            )
        return version


def _readable(
    readers: Iterable[Callable[[], Manifest | None]],
) -> tuple[list[Manifest], list[EdgetextError]]:
    """Give the manifests that can be read, the oldest first, and what is wrong with the others."""
    manifests: list[Manifest | None] = []
    failures: list[EdgetextError] = []
    for read in readers:
        try:
            manifests.append(read())
        except EdgetextError as error:
            failures.append(error)
    return _oldest_first(manifests), failures


def _oldest_first(manifests: Iterable[Manifest | None]) -> list[Manifest]:
    return sorted(filter(None, manifests), key=lambda x: (x.created, x.version))


def open_repository(address: str) -> Repository:
    """Give the repository of a folder, of an address that fsspec knows, or, after `mlflow:`, of an
    MLflow registry; EdgetextError where what reaches it is not installed."""
    if address.startswith(MLFLOW):
        from edgetext.publishing.mlflow_repository import MlflowRepository

        return MlflowRepository(address)
    from edgetext.publishing.file_repository import FileRepository

    return FileRepository(address)
