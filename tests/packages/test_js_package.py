"""What npm would publish of packages/js: its files, entries, types and size."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
from javascript import MODULES, PACKAGE, ROOT, needs_module, needs_node

import edgetext

pytestmark = needs_node

needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="no npm: install npm")
ABOUT: dict[str, Any] = json.loads((PACKAGE / "package.json").read_text("utf-8"))
HOST: dict[str, Any] = json.loads((ROOT / "hosts/react-native/package.json").read_text("utf-8"))
SOURCES = [
    *(PACKAGE / "src").rglob("*.js"),
    *PACKAGE.glob("*.mjs"),
    *(ROOT / "hosts/react-native/src").glob("*.ts"),
]


def run(command: list[str], folder: Path = PACKAGE) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A project that has the package as npm would publish it, and no runtime."""
    project = tmp_path_factory.mktemp("project")
    command = ["npm", "pack", "--json", "--offline", "--pack-destination", str(project)]
    (packed,) = json.loads(run(command))
    target = project / "node_modules" / "edgetext"
    target.mkdir(parents=True)
    with tarfile.open(project / packed["filename"]) as archive:
        archive.extractall(project, filter="data")
    (project / "package").rename(target)
    (project / "package.json").write_text('{"type": "module"}')
    return project


@needs_npm
def test_the_sources_their_types_and_the_license_are_published(installed):
    folder = installed / "node_modules" / "edgetext"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    sources = {f"src/{path.relative_to(PACKAGE / 'src').as_posix()}" for path in SOURCES
               if path.is_relative_to(PACKAGE / "src")}  # fmt: skip
    declared = {f"src/{name}.d.ts" for name in ("answers", "core", "index", "redact", "worker")}
    assert files == sources | declared | {"package.json", "README.md", "LICENSE"}


@needs_npm
def test_each_entry_is_where_the_package_says(installed):
    for conditions in ABOUT["exports"].values():
        for path in [conditions] if isinstance(conditions, str) else conditions.values():
            assert (installed / "node_modules" / "edgetext" / path).is_file(), path
    script = """
    const names = ["edgetext", "edgetext/core", "edgetext/worker", "edgetext/redact"];
    const entries = await Promise.all(names.map((name) => import(name)));
    const error = await entries[0].load(new Uint8Array(9)).catch((thrown) => thrown);
    console.log(JSON.stringify([error instanceof entries[1].EdgeTextError, error.message]));
    """
    said = json.loads(run(["node", "--input-type=module", "-e", script], installed))
    assert said[0] and ("onnxruntime-node could not be loaded" in said[1])


def test_it_has_the_release_and_the_license_of_the_toolkit_and_runs_nothing_when_installed():
    assert ABOUT["version"] == HOST["version"] == edgetext.__version__
    assert HOST["peerDependencies"]["edgetext"] == edgetext.__version__
    for folder in (PACKAGE, ROOT / "hosts/react-native"):
        assert (folder / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    for about in (ABOUT, HOST):
        assert about["license"] == "Apache-2.0"
        assert "scripts" not in about and "dependencies" not in about
    assert all(peer["optional"] for peer in ABOUT["peerDependenciesMeta"].values())


def test_a_module_is_small():
    lines = {path.name: len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert max(lines.values()) <= 200, lines


@needs_module("esbuild")
def test_no_entry_is_over_the_limit_of_bytes():
    assert "browser.js" in run(["node", "size.mjs"])


@needs_module("typescript")
@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--module", "esnext", "--moduleResolution", "bundler"]])
def test_the_types_are_those_that_are_promised(options):
    run(["node", str(MODULES / "typescript" / "bin" / "tsc"), "-p", ".", *options])
