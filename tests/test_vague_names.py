"""No lasting thing has a name that says only that it is a thing."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
VAGUE = frozenset({"found", "made", "wanted", "own", "told"})
# So many lines of a function may use such a name, from the first use to the last: what it stands
# for is still in sight.
LIFE = 5
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


def sources():
    for folder in ("edgetext", "bench/edgetext_bench"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def variables(function):
    """Give (line, name) of the vague variables of a function that live longer than LIFE lines."""
    uses = defaultdict(list)
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in VAGUE:
            uses[node.id].append(node.lineno)
    for name, lines in uses.items():
        if max(lines) - min(lines) >= LIFE:
            yield min(lines), name


def members(owner):
    """Give (line, name) of the vague names that a module or class itself has."""
    for node in owner.body:
        if isinstance(node, FUNCTION | ast.ClassDef):
            yield from [(node.lineno, node.name)] if node.name in VAGUE else []
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and target.id in VAGUE:
                    yield target.lineno, target.id


def vague(text):
    """Give (line, name) of each vague name of a module that lasts: a variable that is used over
    many lines, a parameter, an attribute, or a name of the module or of a class."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, FUNCTION):
            yield from variables(node)
        elif isinstance(node, ast.Module | ast.ClassDef):
            yield from members(node)
        elif isinstance(node, ast.arg) and node.arg in VAGUE:
            yield node.lineno, node.arg
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield from [(node.lineno, node.attr)] if node.attr in VAGUE else []


def test_names_say_what_a_thing_is():
    listed = {
        path.relative_to(ROOT).as_posix(): sorted(set(vague(path.read_text("utf-8"))))
        for path in sources()
    }
    assert {name: names for name, names in listed.items() if names} == {}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("def f():\n    found = 1\n\n\n\n\n    return found\n", {"found"}),
        ("def f():\n    found = 1\n\n\n\n    return found\n", set()),
        ("def f(wanted): ...\n", {"wanted"}),
        ("def f(*, own=1): ...\n", {"own"}),
        ("f = lambda told: told\n", {"told"}),
        ("made = 1\n", {"made"}),
        ("def found(): ...\n", {"found"}),
        ("class A:\n    made: int = 1\n", {"made"}),
        ("class A:\n    def f(self):\n        self.found = 1\n", {"found"}),
        ("def f(a):\n    return a.found\n", set()),
        ("def f():\n    for own in x:\n        print(own)\n", set()),
    ],
)
def test_a_lasting_vague_name_is_seen(code, names):
    assert {name for _, name in vague(code)} == names
