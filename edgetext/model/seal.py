"""The last bytes of an artifact: the SHA-256 of all bytes before them.

A runtime that maps damaged bytes may end the process; the seal is checked before one sees them.
Neither runtime minds it: in an `.onnx` file it is one more entry of metadata_props, in a `.pte`
or `.ort` file it stands after what the header counts.
"""

from __future__ import annotations

import hashlib

from edgetext.core.errors import EdgetextError
from edgetext.model.contract import damaged

_KEY = b"edgetext_sha256"
_DIGITS = 64
# ModelProto.metadata_props (field 14) {key (1), value (2): 64 bytes}; protobuf joins a repeated
# field whose entries stand apart.
_ENTRY = b"\x0a" + bytes([len(_KEY)]) + _KEY + b"\x12" + bytes([_DIGITS])
_PREFIX = {
    ".onnx": b"\x72" + bytes([len(_ENTRY) + _DIGITS]) + _ENTRY,
    ".ort": _KEY + b":",
    ".pte": _KEY + b":",
}


def seal(content: bytes, suffix: str) -> bytes:
    """The content of an artifact with its seal; suffix is .onnx, .ort or .pte."""
    return content + _PREFIX[suffix] + _digest(content)


def is_sealed(content: bytes, suffix: str) -> bool:
    """Whether the content ends in the seal of that kind of artifact, right or wrong."""
    # Of the end alone: to copy the rest takes a tenth of the time of loading.
    return content[-_DIGITS - len(_PREFIX[suffix]) : -_DIGITS] == _PREFIX[suffix]


def check_seal(content: bytes, suffix: str, source: str) -> None:
    """EdgetextError when the file `source` is not an artifact, is cut short or was changed."""
    if not content:
        raise damaged(source, "it is empty")
    if not is_sealed(content, suffix):
        raise EdgetextError(
            f"{source}: not an edgetext artifact, or one that was cut short; copy it again, or "
            "give a file that `edgetext export` wrote"
        )
    body = memoryview(content)[: -_DIGITS - len(_PREFIX[suffix])]
    if content[-_DIGITS:] != _digest(body):
        raise damaged(source, "its bytes are not those that were written")


def _digest(content: bytes | memoryview) -> bytes:
    return hashlib.sha256(content).hexdigest().encode("ascii")
