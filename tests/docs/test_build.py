"""The site is built of docs/ and what lies beside it; a warning, as of a dead link, is an error."""

import logging
from pathlib import Path

import pytest

mkdocs_build = pytest.importorskip("mkdocs.commands.build")
ROOT = Path(__file__).parents[2]


def test_the_site_is_built_without_a_warning(tmp_path):
    from mkdocs.config import load_config

    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(tmp_path))
    assert config.strict
    mkdocs_build.build(config)
    assert "Architecture" in (tmp_path / "index.html").read_text("utf-8")
    # Documents that lie beside docs/ are pages too, and links from docs/ lead to them.
    assert (tmp_path / "bench" / "compression.html").exists()
    results = (tmp_path / "results" / "index.html").read_text("utf-8")
    assert 'href="../bench/compression.html"' in results
    logging.getLogger("mkdocs").handlers.clear()
