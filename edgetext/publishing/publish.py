"""Putting a file into a repository, checked as `verify` checks it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes, sha256
from edgetext.evaluation.verify import replay
from edgetext.predictor import Predictor, load
from edgetext.publishing.fetching import checked_content
from edgetext.publishing.manifest import Manifest, describe
from edgetext.publishing.reference import check_name
from edgetext.publishing.repository import Repository
from edgetext.publishing.signing import sign

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be published: its manifest, its content and that of its card."""

    path: Path
    manifest: Manifest
    content: bytes
    card: bytes | None


def candidate(path: Path, name: str | None = None) -> Candidate:
    """Load a file, have it answer its golden examples, and describe it.

    name: by default the one in its metadata. EdgetextError where it is no model, where it answers
    in another way than its examples, and where its name cannot be one in a repository.
    """
    predictor = load(path)
    check_examples(predictor)
    content = read_bytes(path)
    card_path = path.with_suffix(".md")
    card = read_bytes(card_path) if card_path.is_file() else None
    chosen = name or predictor.metadata.name
    check_name(chosen, str(path))
    manifest = describe(predictor.metadata, chosen, content, path, card is not None)
    if sha256(path) != manifest.version:
        raise EdgetextError(f"{path}: the file changed while it was read; publish it again")
    return Candidate(path, manifest, content, card)


def check_examples(predictor: Predictor) -> None:
    """Raise EdgetextError where a file answers one of its golden examples in another way."""
    results = replay(predictor)
    wrong = sum(not result.same for result in results)
    if wrong:
        raise EdgetextError(
            f"{predictor.path}: {wrong} of its {len(results)} golden examples are answered in "
            "another way here; `edgetext verify` shows them"
        )


def publish(
    repository: Repository,
    given: Candidate,
    stage: str | None = None,
    key: Ed25519PrivateKey | None = None,
) -> bool:
    """Put a file into a repository, sign it, and let a stage point at it, in this order; tell
    whether it was not there yet. What is there already stays as it is.

    EdgetextError where the repository takes nothing, and where what is there is damaged.
    """
    manifest = given.manifest
    name, version = manifest.name, manifest.version
    known = repository.manifest(name, version)
    if known is None:
        repository.add(manifest, given.content, given.card)
    else:
        checked_content(repository, known)
    if key is not None:
        repository.add_signature(name, version, *sign(key, name, version))
    if stage is not None:
        repository.stage(name, stage, version)
    repository.tidy(name)
    return known is None
