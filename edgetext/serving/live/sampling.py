"""Which requests are sampled: decided by the hash of the request's id, so that the same id is
always decided alike, in every worker and after a restart."""

from __future__ import annotations

from hashlib import blake2b

SHADOW, CANARY = b"shadow", b"canary"
_ALL = 1 << 64


def is_drawn(request_id: str, purpose: bytes, share: float) -> bool:
    """Tell whether an id is among the share, 0 to 1, that is drawn for a purpose; purposes draw
    independently of each other."""
    digest = blake2b(request_id.encode(), digest_size=8, person=purpose).digest()
    return int.from_bytes(digest, "little") < share * _ALL
