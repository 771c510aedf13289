"""The last bytes of an artifact: the SHA-256 of all bytes before them.

A runtime that maps damaged bytes may end the process; the seal is checked before one sees them.
What stands before the digits is the format's own (targets.file_format), such as its runtime does
not mind.
"""

from __future__ import annotations

import hashlib

from edgetext.core.errors import EdgetextError
from edgetext.model.contract import damaged

KEY = b"edgetext_sha256"
DIGITS = 64
# For a format whose runtime reads no further than the file's header counts.
TRAILER = KEY + b":"


def seal_of(content: bytes, prefix: bytes) -> tuple[bytes, str]:
    """Return the seal of an artifact's content, which stands behind it, and the SHA-256 of the
    whole file in hexadecimal."""
    digest = hashlib.sha256(content)
    seal = prefix + digest.hexdigest().encode("ascii")
    digest.update(seal)
    return seal, digest.hexdigest()


def is_sealed(content: bytes, prefix: bytes) -> bool:
    """Tell whether the content ends in the seal of that kind of artifact, right or wrong."""
    # Of the end alone: to copy the rest takes a tenth of the time of loading.
    return content[-DIGITS - len(prefix) : -DIGITS] == prefix


def check_seal(content: bytes, prefix: bytes, source: str) -> None:
    """EdgetextError when the file `source` is not an artifact, is cut short or was changed."""
    if not content:
        raise damaged(source, "it is empty")
    if not is_sealed(content, prefix):
        raise EdgetextError(
            f"{source}: not an edgetext artifact, or one that was cut short; copy it again, or "
            "give a file that `edgetext export` wrote"
        )
    body = memoryview(content)[: -DIGITS - len(prefix)]
    if content[-DIGITS:] != _digest(body):
        raise damaged(source, "its bytes are not those that were written")


def _digest(content: bytes | memoryview) -> bytes:
    return hashlib.sha256(content).hexdigest().encode("ascii")
