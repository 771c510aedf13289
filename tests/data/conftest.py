"""Files written in place, and the recipe-like way to a reader."""

import gzip

import pytest

from edgetext.data.guess import Guess


@pytest.fixture
def write(tmp_path):
    """write(name, content, packed=False) -> path; packed: gzip, whatever the name says."""

    def write(name, content, packed=False):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = content if isinstance(content, bytes) else content.encode("utf-8")
        path.write_bytes(gzip.compress(raw) if packed else raw)
        return path

    return write


@pytest.fixture
def read():
    """read(type, path, split="train", **fields) -> examples."""

    def read(kind, path, split="train", **fields):
        return list(Guess(kind, fields).reader().read(path, split))

    return read
