"""Signatures of versions: Ed25519 (RFC 8032) over a model's name and its file's SHA-256.

What is signed is DOMAIN, the name, a line end and the digest in hexadecimal. A signature of another
program, of another file or of the same file under another name never fits: names have no line end.
Keys are PEM files, as `openssl genpkey -algorithm ed25519` makes them. A key's id is the beginning
of the SHA-256 of its public half in DER, which `openssl pkey -pubin -outform DER | sha256sum`
prints.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

DOMAIN = b"edgetext model signature 1\n"
ALGORITHM = "ed25519"
ID_DIGITS = 16
_MAKE = "make one with `edgetext models new-key`"


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A public key. id: see the module; source: the file it was read from."""

    key: Ed25519PublicKey
    id: str
    source: str


def check_installed() -> None:
    """EdgetextError where the extra is not installed."""
    from importlib.util import find_spec

    if find_spec("cryptography") is None:
        raise EdgetextError(
            "signatures need the package cryptography; add it with `pip install 'edgetext[sign]'`"
        )


def new_key() -> tuple[bytes, bytes]:
    """Make a key; give its private and its public half as PEM."""
    check_installed()
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    public = key.public_key().public_bytes(
        form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo
    )
    return private, public


def private_key(path: Path, passphrase: Callable[[], str]) -> Ed25519PrivateKey:
    """Read a private key; passphrase: asked for where the file is encrypted. EdgetextError where it
    is none."""
    check_installed()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    content = read_bytes(path)
    try:
        try:
            key: Any = load_pem_private_key(content, None)
        except TypeError:
            # What it raises for a key that is encrypted.
            key = load_pem_private_key(content, passphrase().encode())
    except Exception as error:
        raise EdgetextError(
            f"{path}: no private key can be read from it; give a PEM file, with the right "
            f"passphrase, or {_MAKE}"
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise EdgetextError(f"{path}: this is a key of another kind than Ed25519; {_MAKE}")
    return key


def trusted_key(path: Path) -> TrustedKey:
    """Read a public key; EdgetextError where it is none."""
    check_installed()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    content = read_bytes(path)
    try:
        key = load_pem_public_key(content)
    except Exception as error:
        hint = "; this is the private one" if b"PRIVATE KEY" in content else ""
        raise EdgetextError(
            f"{path}: no public key can be read from it{hint}; give the PEM file of a public "
            f"Ed25519 key, or {_MAKE}"
        ) from error
    if not isinstance(key, Ed25519PublicKey):
        raise EdgetextError(f"{path}: this is a key of another kind than Ed25519; {_MAKE}")
    return TrustedKey(key, _id(key), str(path))


def sign(key: Ed25519PrivateKey, name: str, version: str) -> tuple[str, bytes]:
    """Sign a version, the SHA-256 of its file in hexadecimal; give the key's id and the JSON that
    stands beside it."""
    key_id = _id(key.public_key())
    fields = {
        "algorithm": ALGORITHM,
        "key_id": key_id,
        "name": name,
        "sha256": version,
        "signature": base64.b64encode(key.sign(_message(name, version))).decode(),
    }
    return key_id, (json.dumps(fields, indent=2) + "\n").encode()


def check_signature(
    name: str,
    version: str,
    signatures: Mapping[str, bytes],
    trusted: Sequence[TrustedKey],
    source: str,
) -> TrustedKey:
    """Give a trusted key that has signed a version; EdgetextError where none has.

    signatures: the JSON by the id of the key; source: how messages call the version.
    """
    signers = [key for key in trusted if key.id in signatures]
    if not signers:
        others = f"it has signatures of {_listed(signatures)}" if signatures else "it has none"
        raise EdgetextError(
            f"{source}: no trusted key ({_listed(key.id for key in trusted)}) has signed it, "
            f"{others}; sign it with `edgetext models sign`, or trust another key"
        )
    for signer in signers:
        if _fits(signer, signatures[signer.id], name, version):
            return signer
    raise EdgetextError(
        f"{source}: the signature of the key {signers[0].id} is not of this file and name; do not "
        "use the file, and ask who published it"
    )


def _fits(signer: TrustedKey, content: bytes, name: str, version: str) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        fields = json.loads(content)
        if fields["algorithm"] != ALGORITHM:
            return False
        signature = base64.b64decode(fields["signature"], validate=True)
        # What the file says of itself is no part of the proof.
        signer.key.verify(signature, _message(name, version))
    except (InvalidSignature, ValueError, KeyError, TypeError, RecursionError):
        return False
    return True


def _message(name: str, version: str) -> bytes:
    return DOMAIN + f"{name}\n{version}".encode()


def _id(key: Ed25519PublicKey) -> str:
    from cryptography.hazmat.primitives import serialization as form

    content = key.public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(content).hexdigest()[:ID_DIGITS]


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
