"""What no module may write."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*(ROOT / "edgetext").rglob("*.py"), *(ROOT / "bench").rglob("*.py")])
CLASS_ASSIGNED = """
class A: ...
a = A()
{line}
"""


def assigned_attributes(source):
    """Give the name and line of each attribute that a module assigns or deletes."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            yield node.attr, node.lineno


def test_no_module_assigns_a_class():
    """A layer is replaced by another in the open, and no object changes its class."""
    broken = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in SOURCES
        for name, line in assigned_attributes(path.read_text("utf-8"))
        if name in ("__class__", "__dict__")
    ]
    assert broken == []


@pytest.mark.parametrize("line", ["a.__class__ = A", "a.b.__class__: type = A", "del a.__dict__"])
def test_an_assigned_class_is_seen(line):
    assert list(assigned_attributes(CLASS_ASSIGNED.format(line=line)))
