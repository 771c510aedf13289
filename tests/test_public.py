"""What `import edgetext` gives."""

import subprocess
import sys
from importlib.resources import files

import pytest

import edgetext


def test_load_is_at_the_front_door(classify_files):
    assert edgetext.load(classify_files.onnx).predict("a cheap hotel in Rome?").intent == "hotel"
    with pytest.raises(AttributeError, match="has no attribute 'loud'"):
        edgetext.loud  # noqa: B018


def test_importing_it_imports_nothing_heavy():
    program = "import sys, edgetext; print(*(m for m in ('numpy', 'torch') if m in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


def test_its_types_are_for_others_too():
    assert (files("edgetext") / "py.typed").is_file()
