"""Signatures and keys."""

import json
import shutil
import subprocess

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.publishing import signing

pytest.importorskip("cryptography", reason="signatures need cryptography")
VERSION, OTHER = "a" * 64, "b" * 64


def refuse():
    raise AssertionError("no passphrase is needed")


@pytest.fixture
def make_key(tmp_path):
    """make_key(name) -> (the private key, the trusted one)."""

    def make(name):
        private, public = signing.new_key()
        (tmp_path / f"{name}.pem").write_bytes(private)
        (tmp_path / f"{name}.pub.pem").write_bytes(public)
        return (
            signing.private_key(tmp_path / f"{name}.pem", refuse),
            signing.trusted_key(tmp_path / f"{name}.pub.pem"),
        )

    return make


def check(signatures, *trusted, name="trips", version=VERSION):
    return signing.check_signature(name, version, signatures, trusted, "m#trips@aaaa")


def test_who_has_signed_is_trusted(make_key):
    key, trusted = make_key("a")
    _, other = make_key("b")
    signatures = dict([signing.sign(key, "trips", VERSION)])
    assert check(signatures, other, trusted) == trusted
    with pytest.raises(EdgetextError, match=f"no trusted key .{other.id}. has signed it"):
        check(signatures, other)
    with pytest.raises(EdgetextError, match="it has none; sign it with"):
        check({}, trusted)


@pytest.mark.parametrize("other", [{"name": "hotels"}, {"version": OTHER}])
def test_a_signature_is_of_one_file_and_one_name(make_key, other):
    key, trusted = make_key("a")
    signatures = dict([signing.sign(key, "trips", VERSION)])
    with pytest.raises(EdgetextError, match="is not of this file and name"):
        check(signatures, trusted, **other)


@pytest.mark.parametrize(
    "changed",
    [{"signature": "AAAA"}, {"signature": "ä"}, {"signature": 1}, {"algorithm": "none"}],
)
def test_a_changed_signature_is_refused(make_key, changed):
    key, trusted = make_key("a")
    key_id, content = signing.sign(key, "trips", VERSION)
    fields = json.loads(content) | changed
    with pytest.raises(EdgetextError, match="is not of this file and name"):
        check({key_id: json.dumps(fields).encode()}, trusted)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"{}", b"[" * 9999])
def test_a_file_that_is_no_signature_is_refused(make_key, content):
    _, trusted = make_key("a")
    with pytest.raises(EdgetextError, match="is not of this file and name"):
        check({trusted.id: content}, trusted)


def test_a_signature_of_another_key_under_a_trusted_ones_id_is_refused(make_key):
    key, _ = make_key("a")
    _, trusted = make_key("b")
    _, content = signing.sign(key, "trips", VERSION)
    with pytest.raises(EdgetextError, match="is not of this file and name"):
        check({trusted.id: content}, trusted)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_keys_of_openssl_are_read_and_told_apart_alike(tmp_path):
    private, public = tmp_path / "k.pem", tmp_path / "k.pub.pem"
    encrypted, rsa = tmp_path / "e.pem", tmp_path / "rsa.pem"

    def openssl(*words):
        done = subprocess.run(["openssl", *map(str, words)], capture_output=True, check=True)
        return done.stdout

    openssl("genpkey", "-algorithm", "ed25519", "-out", private)
    openssl("pkey", "-in", private, "-pubout", "-out", public)
    openssl("pkey", "-in", private, "-aes256", "-passout", "pass:word", "-out", encrypted)
    openssl("genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:1024", "-out", rsa)
    trusted = signing.trusted_key(public)
    der = tmp_path / "k.der"
    openssl("pkey", "-in", private, "-pubout", "-outform", "DER", "-out", der)
    assert openssl("dgst", "-sha256", der).decode().split()[-1].startswith(trusted.id)
    for key in (
        signing.private_key(private, refuse),
        signing.private_key(encrypted, lambda: "word"),
    ):
        check(dict([signing.sign(key, "trips", VERSION)]), trusted)
    with pytest.raises(EdgetextError, match="right passphrase"):
        signing.private_key(encrypted, lambda: "another")
    with pytest.raises(EdgetextError, match="another kind than Ed25519"):
        signing.private_key(rsa, refuse)
    with pytest.raises(EdgetextError, match="this is the private one"):
        signing.trusted_key(private)


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PUBLIC KEY-----\n", b"\xff"])
def test_a_file_that_is_no_key_is_refused(tmp_path, content):
    path = tmp_path / "k.pem"
    path.write_bytes(content)
    with pytest.raises(EdgetextError, match=r"k\.pem: no public key"):
        signing.trusted_key(path)
    with pytest.raises(EdgetextError, match=r"k\.pem: no private key"):
        signing.private_key(path, refuse)
