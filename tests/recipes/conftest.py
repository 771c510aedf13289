"""The shipped recipes on the data that they name; without it these tests are skipped."""

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("EDGETEXT_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.fixture(autouse=True)
def _data(monkeypatch):
    if not DATA.is_dir():
        pytest.skip(f"no {DATA}")
    monkeypatch.setenv("EDGETEXT_DATA", str(DATA.resolve()))
