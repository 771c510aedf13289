"""What `import edgetext` gives."""

import inspect
import subprocess
import sys
from importlib.resources import files

import pytest

import edgetext

FUNCTIONS = (
    *("compress", "distill", "errors", "evaluate", "explain", "export", "load"),
    *("prune", "quantize", "redact", "train"),
)


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


def test_every_name_is_there_whatever_was_imported_before():
    # A package of the same name would take a function's place once it is imported.
    import edgetext.cli
    import edgetext.search.compress

    for name in FUNCTIONS:
        assert inspect.isfunction(getattr(edgetext, name)), name
    for name in ("EdgetextError", "Model", "Recipe"):
        assert inspect.isclass(getattr(edgetext, name)), name
    assert set(edgetext.__all__) <= set(dir(edgetext))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_is_typed_and_says_what_it_does(name):
    function = getattr(edgetext, name)
    signature = inspect.signature(function)
    assert signature.return_annotation is not signature.empty
    assert all(p.annotation is not p.empty for p in signature.parameters.values())
    assert f">>> edgetext.{name}(" in function.__doc__ or f"= edgetext.{name}(" in function.__doc__


def test_its_types_are_for_others_too():
    assert (files("edgetext") / "py.typed").is_file()
