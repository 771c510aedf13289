"""A version as a local file, whose bytes and signature are checked before it has its name."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes, write_bytes
from edgetext.publishing.manifest import Manifest
from edgetext.publishing.reference import short
from edgetext.publishing.repository import Repository
from edgetext.publishing.signing import TrustedKey, check_signature

# Versions of a model that a cache keeps.
KEPT = 8


def checked_content(
    repository: Repository, manifest: Manifest, trusted: Sequence[TrustedKey] = ()
) -> bytes:
    """Give the file of a version; EdgetextError where its bytes are not those that were published,
    or, where keys are given, no one of these has signed it."""
    check_trusted(repository, manifest, trusted)
    content = repository.content(manifest)
    if not fits(content, manifest):
        raise EdgetextError(
            f"{_where(repository, manifest)}: the file is not the one that its manifest names (its "
            "SHA-256 is another); take the version's folder away and publish the file again"
        )
    return content


def check_trusted(
    repository: Repository, manifest: Manifest, trusted: Sequence[TrustedKey]
) -> TrustedKey | None:
    """Give the trusted key that has signed a version, None where no key is asked for;
    EdgetextError where none has."""
    if not trusted:
        return None
    name, version = manifest.name, manifest.version
    signatures = repository.signatures(name, version)
    return check_signature(name, version, signatures, trusted, _where(repository, manifest))


def fits(content: bytes, manifest: Manifest) -> bool:
    """Tell whether these are the bytes of a version."""
    if len(content) != manifest.size:
        return False
    return hashlib.sha256(content).hexdigest() == manifest.version


def fetch(
    repository: Repository, manifest: Manifest, folder: Path, trusted: Sequence[TrustedKey] = ()
) -> list[Path]:
    """Write a version's file, its card and its signatures into a folder; give their paths, the file
    first. EdgetextError as of `checked_content`, and then nothing is written."""
    content = checked_content(repository, manifest, trusted)
    card = repository.card(manifest)
    beside: dict[str, bytes] = {} if card is None else {manifest.card: card}
    for key_id, signature in repository.signatures(manifest.name, manifest.version).items():
        beside[signature_file(manifest.file, key_id)] = signature
    # What stands beside comes first, so that the file is there when all is.
    paths = {folder / name: content for name, content in beside.items()}
    paths[folder / manifest.file] = content
    for path, part in paths.items():
        write_bytes(path, part)
    return list(paths)[::-1]


def signature_file(file: str, key_id: str) -> str:
    """Give the name of a signature beside a file."""
    return f"{file}.{key_id}.sig"


def signatures_beside(path: Path) -> dict[str, bytes]:
    """Give the signatures that stand beside a fetched file, by the id of the key."""
    files = path.parent.glob(f"{path.name}.*.sig")
    return {file.name[len(path.name) + 1 : -len(".sig")]: read_bytes(file) for file in files}


def cached(repository: Repository, manifest: Manifest, trusted: Sequence[TrustedKey] = ()) -> Path:
    """Give a version's file in the user's cache, where it is fetched to once; EdgetextError as of
    `checked_content`. Signatures are looked at each time."""
    path = cache_folder() / manifest.name / manifest.version / manifest.file
    check_trusted(repository, manifest, trusted)
    with contextlib.suppress(OSError):
        if fits(path.read_bytes(), manifest):
            os.utime(path)
            return path
    write_bytes(path, checked_content(repository, manifest))
    _forget_old(path)
    return path


def cache_folder() -> Path:
    """Give the folder of what was fetched (XDG_CACHE_HOME, else ~/.cache)."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "edgetext" / "models"


def _forget_old(path: Path) -> None:
    """Take away what was used longest ago. Others may do so as well; who has loaded a file does
    not need it any more, and who lacks one fetches it again."""
    with contextlib.suppress(OSError):
        files = list(path.parent.parent.glob(f"*/{path.name}"))
        for old in sorted(files, key=lambda x: x.stat().st_mtime)[:-KEPT]:
            old.unlink()
            old.parent.rmdir()


def _where(repository: Repository, manifest: Manifest) -> str:
    return f"{repository.address}#{manifest.name}@{short(manifest.version)}"
