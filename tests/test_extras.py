"""Whoever is told to install an extra finds it in pyproject.toml."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAMED = re.compile(r"edgetext\[(\w+)\]")


def test_every_extra_that_is_named_exists():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "edgetext").rglob("*.py")]
    named = {name for page in pages for name in NAMED.findall(page.read_text("utf-8"))}
    assert "openvino" in named
    assert named <= set(project["optional-dependencies"])
