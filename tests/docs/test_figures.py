"""What stands in two places is the same in both: figures, layers, files, links."""

from __future__ import annotations

import re
import tomllib

import pytest

from edgetext.version import __version__


def cells_of(text):
    """The cells of each line of a text's tables."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]


def read(pages, name):
    return (pages.root / name).read_text("utf-8")


def test_readme_is_short_and_begins_with_use(pages):
    lines = read(pages, "README.md").splitlines()
    assert len(lines) <= 150
    first_screen = "\n".join(lines[:45])
    for part in ("pip install", "edgetext.load(", "edgetext train", "edgetext export"):
        assert part in first_screen


def test_the_figures_of_readme_are_those_of_the_recipes_page(pages):
    known = {row[0].strip("`[]").partition("`")[0]: row for row in cells_of(
        read(pages, "docs/recipes/index.md").replace("[`", "`")
    )}  # fmt: skip
    rows = [row for row in cells_of(read(pages, "README.md")) if row[0].startswith("`")]
    assert len(rows) >= 5
    for name, _, measure, teacher, onnx, size, times in rows:
        row = known[name.strip("`")]
        assert [measure, teacher, onnx] == row[2:5], name
        assert row[6].startswith(f"{size}, ") and row[7].startswith(f"{times}, "), name


def test_a_recipes_page_has_the_figures_of_its_head(pages):
    """Lines with three numbers or more, which are those of tables, whatever their spaces."""
    recipes = sorted(pages.root.glob("recipes/*.yaml"))
    assert len(recipes) == 14
    for recipe in recipes:
        page = read(pages, f"docs/recipes/{recipe.stem}.md")
        known = {tuple(line.split()) for line in page.splitlines()}
        head = [line[1:] for line in recipe.read_text("utf-8").splitlines() if line[:1] == "#"]
        rows = [line for line in head if line.startswith("  ") and "edgetext" not in line]
        figures = [row for row in rows if len(re.findall(r"\d+[.,]\d+", row)) >= 3]
        for row in figures:
            assert tuple(row.split()) in known, f"{recipe.name}: {row}"


def test_the_table_of_techniques_is_that_of_the_bench(pages):
    known = {row[0]: row[1:] for row in cells_of(read(pages, "bench/compression.md"))}
    text = read(pages, "docs/results/compression.md")
    text = text.partition("## Every technique")[2].partition("\n## ")[0]
    halves = [half for row in cells_of(text)[2:] for half in (row[:4], row[5:]) if half[0]]
    assert len(halves) >= 14
    for name, *figures in halves:
        assert set(figures) <= set(known[name]), name


def test_the_architecture_page_has_each_layer_in_its_order(pages):
    contracts = tomllib.loads(read(pages, "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (layers,) = [c["layers"] for c in contracts if c["type"] == "layers"]
    in_order = [name.strip() for layer in layers for name in layer.split("|")]
    page = read(pages, "docs/architecture.md").partition("## The layers")[2].partition("\n## ")[0]
    shown = [name for row in cells_of(page)[2:] for name in re.findall(r"`(\w+)", row[0])]
    assert sorted(shown) == sorted(set(in_order) - {"version"})
    ranks = {name.strip(): i for i, layer in enumerate(layers) for name in layer.split("|")}
    assert [ranks[name] for name in shown] == sorted(ranks[name] for name in shown)


@pytest.mark.parametrize("page", ["docs/architecture.md", "docs/extend/index.md"])
def test_each_file_that_a_page_names_is_there(pages, page):
    named = re.findall(r"`((?:edgetext|bench|tests|recipes)/[\w/.]*)`", read(pages, page))
    missing = [name for name in named if not (pages.root / name).exists()]
    assert not missing


def test_the_links_of_documents_outside_docs_lead_somewhere(pages):
    documents = [*pages.root.glob("*.md"), *pages.root.glob("*/README.md")]
    assert len(documents) >= 6
    for document in documents:
        for target in re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document}: {target}"


def test_the_release_is_the_same_wherever_it_is_said(pages):
    assert f"\nversion: {__version__}\n" in read(pages, "CITATION.cff")
    assert f"\n## [{__version__}] - " in read(pages, "CHANGELOG.md")
