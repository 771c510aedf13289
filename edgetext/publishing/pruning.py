"""Taking versions away that nobody needs."""

from __future__ import annotations

from edgetext.publishing.manifest import Manifest
from edgetext.publishing.repository import Repository


def needless(repository: Repository, name: str, keep: int) -> list[Manifest]:
    """Give the versions of a model, the oldest first, that are neither among the `keep` newest, nor
    where a stage is, nor among the `keep` before it that a rollback would go back to."""
    manifests = repository.manifests(name)
    needed = {manifest.version for manifest in manifests[-keep:]}
    for stage in repository.stages(name):
        needed.add(repository.current(name, stage))
        needed.update(repository.in_turn(name, stage)[-keep - 1 :])
    return [manifest for manifest in manifests if manifest.version not in needed]


def prune(repository: Repository, name: str, keep: int) -> list[Manifest]:
    """Take away what is needless, and give it.

    A publisher may stage a version at this moment. It writes its event and then looks for the
    manifest; here the manifest is taken away and then the stages are looked at (Repository.remove).
    Whichever steps come first, one of the two sees the other: the manifest is put back, or the
    publisher is told that the version was pruned.
    """
    pruned = needless(repository, name, keep)
    for manifest in pruned:
        repository.remove(manifest)
    repository.tidy(name)
    return [x for x in pruned if repository.manifest(name, x.version) is None]
