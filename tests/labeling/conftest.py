"""What tests of `label` share."""

import json

import pytest

from edgetext.cli import main
from edgetext.labeling import parquet, source

TEXTS = ["fly to Oslo", "is it cold in Zürich tomorrow?", "a cheap hotel in Rome?"] * 7


@pytest.fixture
def small_chunks(monkeypatch):
    """Chunks of five rows."""
    monkeypatch.setattr(source, "ROWS", 5)
    monkeypatch.setattr(parquet, "ROWS", 5)


@pytest.fixture
def label(capfd):
    """label(arguments) -> what it said on stderr, after it ended well."""

    def run(*arguments):
        capfd.readouterr()
        status = main(["label", *map(str, arguments)])
        said = capfd.readouterr().err
        assert status == 0, said
        return said

    return run


@pytest.fixture
def refusal(capfd, tmp_path):
    """refusal(arguments) -> the one sentence on stderr; nothing is written."""

    def run(*arguments):
        before = sorted(tmp_path.rglob("*"))
        capfd.readouterr()
        status = main(["label", *map(str, arguments)])
        said = capfd.readouterr().err
        assert status == 2, said
        (line,) = (x for x in said.splitlines() if x.startswith("edgetext: error: "))
        assert sorted(tmp_path.rglob("*")) == before
        return line

    return run


@pytest.fixture
def rows():
    """rows(path) -> the objects of a JSON Lines file."""

    def read(path):
        return [json.loads(line) for line in path.read_bytes().splitlines()]

    return read


@pytest.fixture
def lines(tmp_path):
    """A file with a text a line."""
    path = tmp_path / "texts.txt"
    path.write_text("".join(f"{text}\n" for text in TEXTS), "utf-8")
    return path
