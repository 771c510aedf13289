"""What a test patches or imports is public: a private name may change without a test to say so."""

import ast
from pathlib import Path

TESTS = Path(__file__).parent


def private(name):
    return name.startswith("_") and not name.startswith("__")


def uses(tree):
    """(line, name) of each private name that is patched or imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, a.name) for a in node.names if private(a.name))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr != "setattr":
                continue
            for argument in node.args[:2]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    name = argument.value.rpartition(".")[2]
                    if private(name):
                        yield node.lineno, name


def test_a_private_name_is_seen():
    code = "from a import _b\nmonkeypatch.setattr(x, '_c', 1)\nmonkeypatch.setattr('x._d', 1)"
    assert list(uses(ast.parse(code))) == [(1, "_b"), (2, "_c"), (3, "_d")]


def test_no_test_patches_or_imports_a_private_name():
    found = [
        f"{path.relative_to(TESTS)}:{line}: {name}"
        for path in sorted(TESTS.rglob("*.py"))
        for line, name in uses(ast.parse(path.read_text("utf-8")))
    ]
    assert found == []
