"""The web page: what it says of an answer without spans, and that it needs no network."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from devtools import browser, needs_chromium, served
from javascript import MODULES, PACKAGE, ROOT, needs_module, needs_node

WEB = ROOT / "android_demo" / "web"
# What the Makefile's target `web` puts into the folder, but for the model and the package.
PAGE = ["index.html", "emptiness.js", "offline.js"]
RUNTIME = ["ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"]


def keep(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(WEB / "kept.py"), str(folder)]
    return subprocess.run(command, capture_output=True, text=True)


@needs_node
def test_an_answer_that_shows_nothing_says_why():
    script = f"""
    import {{ emptiness }} from {json.dumps(str(WEB / "emptiness.js"))};
    const texts = [["a", [1]], ["a", []], ["  ", []], ["", []]];
    console.log(JSON.stringify(texts.map(([text, spans]) => emptiness({{ text, spans }}))));
    """
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    )
    found, nothing, *wordless = json.loads(done.stdout)
    assert (found, nothing) == ("", "no slots in this text")
    assert wordless == ["no words in this text, so no slots"] * 2


def test_the_files_that_are_kept_change_with_any_of_them(tmp_path):
    (tmp_path / "ort").mkdir()
    for name in ("index.html", "offline.js", "ort/a.wasm"):
        (tmp_path / name).write_text(name)

    def listed() -> tuple[str, str]:
        assert keep(tmp_path).returncode == 0
        version, _, names = (tmp_path / "files.js").read_text().partition("\n")
        return version, names

    first, names = listed()
    assert json.loads(names.removeprefix("const FILES = ").strip().removesuffix(";")) == [
        "./",
        "index.html",
        "ort/a.wasm",
    ]
    assert listed()[0] == first
    (tmp_path / "ort" / "a.wasm").write_text("other")
    assert listed()[0] != first
    assert keep(tmp_path / "none").returncode == 2


@pytest.fixture(scope="module")
def folder(tag_files, tmp_path_factory):
    """The page as `make -C android_demo/offline web` lays it out."""
    root = tmp_path_factory.mktemp("web")
    shutil.copytree(PACKAGE / "src", root / "edgetext", ignore=shutil.ignore_patterns("*.d.ts"))
    (root / "ort").mkdir()
    for name in RUNTIME:
        shutil.copy(MODULES / "onnxruntime-web" / "dist" / name, root / "ort")
    for name in PAGE:
        shutil.copy(WEB / name, root)
    shutil.copy(tag_files.onnx, root / "model.onnx")
    assert keep(root).returncode == 0
    return root


TYPED = """(async (text) => {
  const field = document.getElementById("text");
  field.value = text;
  field.dispatchEvent(new Event("input"));
  await new Promise((resolve) => setTimeout(resolve, 500));
  return [...document.querySelectorAll("mark")].map((mark) => mark.firstChild.data);
})"""


@pytest.mark.slow
@needs_chromium
@needs_module("onnxruntime-web")
def test_after_the_first_visit_the_page_needs_no_network(folder, tmp_path):
    text = "is it cold in 東京 today?"
    script = f"{TYPED}({json.dumps(text)})"
    with browser() as chromium:
        page = chromium.page()
        with served(folder) as address:
            page.open(f"{address}/")
            page.until("!document.getElementById('offline').hidden")
            first = page.evaluate(script)
        # Nobody answers at the address any more, as an unkept file shows.
        assert page.evaluate("fetch('none').then(() => 'answered', () => 'no network')") == (
            "no network"
        )
        page.open(f"{address}/")
        page.until("/first answer/.test(document.getElementById('status').textContent)")
        assert page.evaluate(script) == first == ["東京", "today"]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        shot = tmp_path / "offline.png"
        page.screenshot(shot)
        assert shot.read_bytes().startswith(b"\x89PNG")
