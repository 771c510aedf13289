"""All that a repository has of a model, and what of it cannot be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edgetext.core.errors import EdgetextError
from edgetext.publishing.manifest import Manifest
from edgetext.publishing.repository import Repository
from edgetext.publishing.stages import Journal


@dataclass(frozen=True, slots=True)
class Overview:
    """manifests: of the versions, the oldest first. journals: the events of each stage. failures:
    what is damaged, which is in neither."""

    manifests: Sequence[Manifest]
    journals: Mapping[str, Journal]
    failures: Sequence[EdgetextError]

    def current(self, stage: str) -> str:
        """Give the version that a stage points at; "" for none."""
        events = list(self.journals[stage].values())
        return events[-1].version if events else ""


def overview(repository: Repository, name: str) -> Overview:
    """Read each manifest and each stage of a model; EdgetextError where the repository cannot be
    reached, and none for what is damaged."""
    manifests, failures = repository.readable(name)
    journals = {}
    for stage in repository.stages(name):
        try:
            journals[stage] = repository.journal(name, stage)
        except EdgetextError as error:
            failures.append(error)
    return Overview(manifests, journals, failures)
