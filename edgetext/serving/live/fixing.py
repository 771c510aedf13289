"""Published models that are judged: each is one version, fetched when the server starts.

Counts are of two versions. A stage that moves swaps what serves, and not what is judged: until it
stands at that version again, nothing is compared, and no canary gets requests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from edgetext.publishing.fetching import cached
from edgetext.publishing.reference import Reference, short
from edgetext.publishing.repository import open_repository
from edgetext.publishing.signing import TrustedKey, trusted_key
from edgetext.serving.live.settings import Candidate, Fixed, LiveSettings
from edgetext.serving.settings import Settings


def fixed(settings: Settings, live: LiveSettings) -> LiveSettings:
    """Give the settings with local files in the place of references; EdgetextError where a version
    is not there, not signed by a trusted key, or cannot be fetched."""
    keys = [trusted_key(path) for path in settings.trusted_keys]
    published = []
    for reference, name in settings.published:
        path, version = _fetched(reference, keys)
        published.append(Fixed(name or reference.name, path, version))
    return replace(
        live,
        published=tuple(published),
        shadows=tuple(_fixed_candidate(x, keys) for x in live.shadows),
        canaries=tuple(_fixed_candidate(x, keys) for x in live.canaries),
    )


def _fixed_candidate(candidate: Candidate, keys: Sequence[TrustedKey]) -> Candidate:
    if candidate.reference is None:
        return candidate
    path, version = _fetched(candidate.reference, keys)
    return replace(candidate, path=path, version=version)


def _fetched(reference: Reference, keys: Sequence[TrustedKey]) -> tuple[Path, str]:
    """Give the local file of the version that a reference names now, and that version as it is
    shown."""
    repository = open_repository(reference.repository)
    manifest = repository.resolve(reference)
    return cached(repository, manifest, keys), short(manifest.version)
