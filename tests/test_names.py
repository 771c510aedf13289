"""What no module may write."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Where each task has a file of its own, and who says which tasks it knows: rivals, the app, and the
# words that recipes used to have.
OF_TASKS = (
    "edgetext/tasks/answers",
    "edgetext/tasks/learners",
    "edgetext/starter/tasks",
    "edgetext/models/heads",
    "edgetext/recipe/words.py",
    "bench/edgetext_bench/peers",
    "bench/edgetext_bench/hosts/android.py",
)
TASKS = frozenset(
    file.stem
    for file in (ROOT / OF_TASKS[0]).glob("*.py")
    if f'@register("task", "{file.stem}")' in file.read_text("utf-8")
)
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


def literals(source):
    """Give the text and line of each string literal of a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno


def test_no_module_names_a_task_outside_its_own_files():
    """What differs from task to task is asked of the task, its learner or its starter."""
    assert {"classify", "joint", "lm", "multi"} <= TASKS
    naming = [
        f"{name}:{line} names {text}"
        for path in SOURCES
        if not (name := path.relative_to(ROOT).as_posix()).startswith(OF_TASKS)
        for text, line in literals(path.read_text("utf-8"))
        if text in TASKS
    ]
    assert naming == []


def test_a_named_task_is_seen():
    assert ("joint", 2) in list(literals('"""A module."""\nLEARNT = ("classify", "joint")'))
