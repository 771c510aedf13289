"""Nothing imports backwards: the contract of pyproject.toml, as import-linter sees it.

It does not see the names of modules in strings, so they have a test of their own.
"""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "edgetext"
# In a process of its own: it sets up logging anew, which closes the streams of others' handlers.
PROGRAM = """
import sys
from importlinter.cli import lint_imports
sys.exit(lint_imports(config_filename=sys.argv[1], no_cache=True, no_logo=True))
"""
# A module, or an object of one as "module:object".
NAME = re.compile(r"(edgetext(?:\.\w+)+)\.?(?::\w+)?:?")


def test_modules_import_from_lower_layers_only():
    command = [sys.executable, "-c", PROGRAM, str(ROOT / "pyproject.toml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def _layers():
    """Top-level module -> its layer, 0 the highest."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    return {name.strip(): i for i, layer in enumerate(layers) for name in layer.split("|")}


def _named_upwards(module, source):
    """The modules of higher layers, or of others in its own, that strings of a source name."""
    layers = _layers()
    strings = [n.value for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Constant)]
    matches = [NAME.fullmatch(text) for text in strings if isinstance(text, str)]
    for named in [match[1] for match in matches if match]:
        top = named.split(".")[1]
        if top != module and layers[top] <= layers[module]:
            yield named


def test_no_string_names_a_module_of_a_higher_layer():
    upwards = []
    for path in sorted(PACKAGE.rglob("*.py")):
        module = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if module not in ("__init__", "__main__"):  # above all layers
            upwards += [(path, name) for name in _named_upwards(module, path.read_text("utf-8"))]
    assert upwards == []


def test_a_string_that_names_a_module_is_seen():
    source = 'A = {"task": ("edgetext.tasks",)}\nB = "edgetext.timing.worker:main"'
    assert sorted(_named_upwards("registry", source)) == [
        "edgetext.tasks",
        "edgetext.timing.worker",
    ]
    assert list(_named_upwards("search", source)) == []
    assert list(_named_upwards("timing", source)) == []
